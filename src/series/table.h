// series: the rows of a file: stamps and the values of one column, with the line that each stood
// in.
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

/// The heading of a file and which of its columns count.
struct Heading {
  std::vector<std::string> columns;
  std::size_t stamp = 0;  ///< which of them
  std::size_t value = 0;
};

struct Table {
  Heading heading;
  UnitScale scale;
  std::vector<Reading> readings;  ///< in the order of the file
  std::vector<std::string> notes;
};

/// Errors: kInvalid, naming file, line and column; kUsage for a column that is not there.
Result<Table> read_table(std::istream& in, const std::string& file, const std::string& column,
                         const SeriesRequest& request);
/// The headings alone.
Result<std::vector<std::string>> read_headings(std::istream& in, const std::string& file);

}  // namespace joulery::series
