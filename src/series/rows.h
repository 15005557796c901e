// series: the rows of a text table, as cells, stamps and numbers; whatever is wrong with one names
// its place.
#pragma once

#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/lines.h"
#include "joulery/series.h"
#include "series/stamps.h"

namespace joulery::series {

class Rows {
 public:
  /// `in` and `notes` outlive it.
  Rows(std::istream& in, const std::string& file, std::vector<std::string>& notes)
      : lines_(in, file, kMostBytes), notes_(notes) {}
  /// A choice: 256 bytes for each of the 4,000,000 rows that a series may have. More is no series.
  static constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;

  /// Takes the heading, which comes first. Errors: kInvalid where there is none.
  Result<void> read_heading();
  [[nodiscard]] const std::vector<std::string>& columns() const { return columns_; }
  [[nodiscard]] std::size_t stamp_column() const { return stamp_; }

  /// Goes to the next row; false at the end. A row that the end of the file cut is left out, with a
  /// note. Errors: kInvalid for what is no row of this table, and for more rows than any has.
  Result<bool> next();
  [[nodiscard]] std::uint64_t line() const { return lines_.number(); }
  [[nodiscard]] std::string place() const { return lines_.place(); }
  [[nodiscard]] Result<Stamp> stamp();
  /// As it is written; empty where the cell says that nothing is known.
  [[nodiscard]] Result<std::optional<double>> number(std::size_t column) const;
  /// What is wrong with a cell of this row.
  [[nodiscard]] Error bad(std::size_t column, std::string_view what) const;

 private:
  bool split_cells(std::string_view line);
  [[nodiscard]] Error too_long() const;
  Result<bool> end_of_file();
  Result<bool> next_behind_damage();

  LogLines lines_;
  std::vector<std::string>& notes_;
  char separator_ = ',';
  std::vector<std::string> columns_;
  std::size_t stamp_ = 0;
  std::optional<StampColumn> stamps_;
  std::size_t rows_ = 0;
  std::vector<std::string_view> cells_;  ///< of the row; of the line, or of `quoted_`
  std::vector<std::string> quoted_;
};

}  // namespace joulery::series
