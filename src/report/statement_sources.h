// report: where the figures of a statement come from, as a paper says it: without the words that a
// command line needs.
#pragma once

#include <string>

namespace joulery {

/// "--pue (no uncertainty given: taken as +-0.1)" is "as given, uncertainty assumed: ±0.1". UTF-8,
/// safe for a terminal.
std::string told_source(const std::string& source);
/// The same where it stands between round brackets: its own are square.
std::string bracketed_source(const std::string& source);
/// Why something is missing: "no PUE: --pue" is "no PUE, give --pue".
std::string told_reason(const std::string& why);

}  // namespace joulery
