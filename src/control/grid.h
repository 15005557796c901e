// control: the axes of a grid, from TOML to commands.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "joulery/control.h"

namespace joulery {

/// As load_grid(); `file` is named in errors.
Result<std::vector<GridAxis>> parse_grid(std::string_view text, const std::string& file);

}  // namespace joulery
