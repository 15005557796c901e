// factors: the shipped tables as text: columns by name, cells as numbers with their bounds. Strict,
// because a wrong factor is worse than none.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "joulery/result.h"

namespace joulery {

/// Least and greatest number that a cell may hold.
struct Bounds {
  double low, high;
};

/// One row, whose errors name file, line and column. Columns are asked for by a name of the table.
class CsvRow {
 public:
  CsvRow(std::span<const std::string_view> columns, std::string place,
         std::vector<std::string> cells)
      : columns_(columns), place_(std::move(place)), cells_(std::move(cells)) {}

  /// As it stands, empty where there is nothing.
  [[nodiscard]] const std::string& text(std::string_view column) const;
  /// Errors: kInvalid where the cell is empty.
  [[nodiscard]] Result<std::string> needed_text(std::string_view column) const;
  /// Absent where the cell is empty. Errors: kInvalid where it is no number within `bounds`.
  [[nodiscard]] Result<std::optional<double>> number(std::string_view column, Bounds bounds) const;
  [[nodiscard]] Result<double> needed_number(std::string_view column, Bounds bounds) const;
  /// A whole number, e.g. a year.
  [[nodiscard]] Result<int> needed_integer(std::string_view column, Bounds bounds) const;
  /// The parts between semicolons, without empty ones.
  [[nodiscard]] std::vector<std::string> list(std::string_view column) const;

  [[nodiscard]] const std::string& place() const { return place_; }  ///< "data/regions.csv:12"
  [[nodiscard]] Error error(std::string_view column, std::string_view what) const;

 private:
  std::span<const std::string_view> columns_;
  std::string place_;
  std::vector<std::string> cells_;  // in the order of columns_
};

/// Rows of a comma separated table with a head. Its columns, in any order, are `columns`: none
/// missing, doubled or unknown. Blank lines and lines that begin with # are passed over. `columns`
/// outlives the rows.
/// Errors: kInvalid, naming file, line and column; text that is not UTF-8 or holds controls is one.
Result<std::vector<CsvRow>> parse_csv_table(std::string_view text, const std::string& file,
                                            std::span<const std::string_view> columns);

}  // namespace joulery
