// policy: what the columns of a table of caps are, told from its heading.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "joulery/result.h"

namespace joulery {

/// A column and the factor that turns its numbers into W, s or J.
struct TableColumn {
  std::size_t index = 0;
  double factor = 1;
};

struct TableColumns {
  std::vector<std::string> names;  ///< of all columns, as the file has them
  std::optional<TableColumn> cap;  ///< else `window` ends with the cap
  std::optional<std::size_t> window;
  TableColumn time;
  std::optional<TableColumn> power;   ///< mean, where there is no energy
  std::vector<TableColumn> energies;  ///< one, or one a device
  int devices = 1;
  std::vector<std::size_t> keys;  ///< columns that tell jobs apart
};

/// `place` ("FILE:1") opens the errors. Errors: kInvalid: a column that is needed is not there,
/// stands there twice, or has an ambiguous unit; kUsage: `by` names no column.
Result<TableColumns> find_table_columns(std::vector<std::string> names,
                                        const std::vector<std::string>& by,
                                        const std::string& place);

}  // namespace joulery
