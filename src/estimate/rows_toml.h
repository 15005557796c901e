// estimate: rows from the text of a TOML file.
#pragma once

#include <string_view>

#include "joulery/estimate.h"

namespace joulery {

/// Errors: kInvalid, naming `file` and line.
Result<std::vector<WrittenRow>> parse_estimate_rows(std::string_view text, const std::string& file);

}  // namespace joulery
