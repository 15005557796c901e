// series: the columns of a production mix, and the intensity that each has.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "joulery/result.h"

namespace joulery::series {

/// An intensity with its standard uncertainty, in g/kWh.
struct Grams {
  double value = 0, u = 0;
};

struct MixColumn {
  std::size_t column = 0;        ///< of the power
  std::string name;              ///< "wind onshore", "import fr"
  double factor = 1;             ///< to watts or joules
  std::optional<Grams> grams{};  ///< of a shipped table
  bool is_import = false;        ///< `grams` is the mean of a year elsewhere
  std::optional<std::size_t>
      own_column{};       ///< of the intensity that the file gives, before `grams`
  double own_factor = 1;  ///< of that column, to g/kWh
};

struct MixColumns {
  std::vector<MixColumn> sources;
  /// What a source without a factor may have: the middle of the table, and u of a rectangle over
  /// it.
  Grams unknown;
  double least = 0, most = 0;         ///< of the table, in g/kWh
  std::vector<std::string> left_out;  ///< headings
};

/// Of the columns but the stamps'. Errors: kInvalid, for units that do not go together or more
/// sources than any grid has.
Result<MixColumns> mix_columns(const std::vector<std::string>& columns, std::size_t stamp);

}  // namespace joulery::series
