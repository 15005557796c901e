// report: what the flags of an account mean, in plain words.
#pragma once

#include <string>
#include <string_view>

namespace joulery {

/// One sentence; the flag itself where it already is one.
std::string explained_flag(std::string_view flag);

}  // namespace joulery
