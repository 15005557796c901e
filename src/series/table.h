// series: the rows of a file: stamps and values, with the line that each stood in.
#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <vector>

#include "joulery/series.h"
#include "series/stamps.h"
#include "series/units.h"

namespace joulery::series {

struct Reading {
  Stamp stamp;
  std::uint64_t line = 0;
  std::optional<double> value;  ///< in the unit that the program counts in; empty: the cell says so
};

struct Table {
  std::string column;  ///< the heading of the values; "mix" where many columns make them
  UnitScale scale;
  std::string kind;                 ///< of an intensity, where the columns tell it
  std::vector<Reading> readings;    ///< in the order of the file
  std::vector<SeriesError> errors;  ///< as of Series, but of each reading
  std::vector<std::string> notes;
};

/// The column that is asked for or fits, or the intensity of a mix (mixes.h). Errors: kInvalid,
/// naming file, line and column; kUsage for a column that is not there.
Result<Table> read_table(std::istream& in, const std::string& file, const std::string& column,
                         const SeriesRequest& request);
/// The headings alone.
Result<std::vector<std::string>> read_headings(std::istream& in, const std::string& file);

}  // namespace joulery::series
