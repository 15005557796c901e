// estimate: the keys of a row: of a TOML file as they stand, of the command line as flags.
#pragma once

#include <string>
#include <vector>

#include "joulery/estimate.h"

namespace joulery::estimate {

/// All keys, in the order of docs/formats/estimate.md.
const std::vector<std::string>& row_keys();

inline const WrittenValue* find(const WrittenRow& row, std::string_view key) {
  const auto at = row.values.find(key);
  return at == row.values.end() ? nullptr : &at->second;
}

}  // namespace joulery::estimate
