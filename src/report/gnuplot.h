// report: runs gnuplot on a script and data that this program wrote.
#pragma once

#include <string>

#include "joulery/result.h"

namespace joulery {

struct GnuplotJob {
  std::string script;  ///< reads 'data', writes 'picture'; contains no text of a user
  std::string data;
};
/// The bytes of the picture. No shell; a private directory; ended after a minute.
/// Errors: kUnavailable where gnuplot is absent, naming its package; kInternal with what it said.
Result<std::string> run_gnuplot(const GnuplotJob& job);

/// A text as it may stand inside double quotes in the data: without quotes, backslashes, controls,
/// and not too long.
std::string gnuplot_label(const std::string& text);

}  // namespace joulery
