// base: JSON that others wrote, read within bounds. For the few .cc files that include nlohmann.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "joulery/result.h"

namespace joulery {

/// Beyond them a text is no document of its kind. They bound the memory: some 100 bytes a value.
struct JsonBounds {
  int depth = 0;  ///< of a value below the outermost one
  std::size_t values = 0;
};

/// Errors: kInvalid, without the name of a file: no JSON (and where), or beyond the bounds.
Result<nlohmann::json> parse_json(std::string_view text, const JsonBounds& bounds);

/// Null where `json` is no object, or has no such member.
const nlohmann::json* find_member(const nlohmann::json& json, std::string_view key);

}  // namespace joulery
