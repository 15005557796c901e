// trace: logs that are CSV with a heading: the rows that can be read, by column name.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "trace/import.h"

namespace joulery {

/// Walks over the rows of one file; bad ones are skipped, counted and named.
class CsvTable {
 public:
  CsvTable(LogLines& lines, ImportContext& context)
      : lines_(lines), context_(context), count_(context.repairs, lines) {}

  /// A column that the reader wants, by its name in lower case: a handle for text().
  std::size_t want(std::string name);
  /// Finds the heading. Errors: kInvalid, naming all of `required` that are not there.
  Result<void> open(std::initializer_list<std::string_view> required);
  [[nodiscard]] const std::vector<std::string>& headings() const { return headings_; }

  /// Goes to the next row that has as many fields as the heading.
  bool next();
  [[nodiscard]] bool has(std::size_t column) const { return place_[column].has_value(); }
  /// The field of the present row; "" where the file has no such column.
  [[nodiscard]] std::string_view text(std::size_t column) const;

  void good() { count_.good(); }
  void bad(std::size_t column, std::string_view why);
  [[nodiscard]] Result<void> verdict() const { return count_.verdict(); }
  [[nodiscard]] std::uint64_t line() const { return lines_.number(); }
  [[nodiscard]] const std::string& file() const { return lines_.file(); }
  [[nodiscard]] ImportContext& context() { return context_; }

 private:
  bool take_heading(std::string_view line);
  bool take_row(std::string_view line);
  bool is_new_heading(std::string_view line);

  LogLines& lines_;
  ImportContext& context_;
  RowCount count_;
  std::string heading_;
  std::vector<std::string> headings_;
  std::vector<std::string> wanted_;
  std::vector<std::optional<std::size_t>> place_;  // of each wanted column
  std::vector<std::string> fields_;
};

/// The heading of a CSV text, in lower case.
std::vector<std::string> headings_of(std::string_view head);
bool contains_all(const std::vector<std::string>& names,
                  std::initializer_list<std::string_view> wanted);

}  // namespace joulery
