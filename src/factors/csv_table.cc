// factors: a comma separated table, see csv_table.h.
#include "factors/csv_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "base/text.h"
#include "base/utf8.h"

namespace joulery {
namespace {

Error error_at(const std::string& place, std::string_view what) {
  return {ErrorCode::kInvalid, fmt::format("{}: {}", place, what)};
}

// The byte, counted from 1, at which `line` stops to be plain text.
std::optional<std::size_t> bad_byte(std::string_view line) {
  std::string_view rest = line;
  while (!rest.empty()) {
    const Utf8 next = next_utf8(rest);
    if (!next.valid || next.control) return line.size() - rest.size() + 1;
    rest.remove_prefix(next.bytes.size());
  }
  return std::nullopt;
}

Result<std::vector<std::string>> split_line(std::string_view line, const std::string& place) {
  if (const auto at = bad_byte(line))
    return error_at(
        place, fmt::format("byte {} is not UTF-8 text: {}", *at, shortened(printable(line), 60)));
  auto cells = split_csv(line);
  if (!cells) return error_at(place, "a quote is not closed, or something stands behind it");
  return std::move(*cells);
}

// Where each wanted column stands in the file.
Result<std::vector<std::size_t>> order_of(const std::vector<std::string>& head,
                                          std::span<const std::string_view> columns,
                                          const std::string& place) {
  for (auto name = head.begin(); name != head.end(); ++name) {
    if (std::find(columns.begin(), columns.end(), *name) == columns.end())
      return error_at(
          place, fmt::format("unknown column '{}'; known: {}", *name, fmt::join(columns, ", ")));
    if (std::find(head.begin(), name, *name) != name)
      return error_at(place, fmt::format("column '{}' is there twice", *name));
  }
  std::vector<std::size_t> order;
  for (const std::string_view column : columns) {
    const auto at = std::find(head.begin(), head.end(), column);
    if (at == head.end()) return error_at(place, fmt::format("column '{}' is missing", column));
    order.push_back(static_cast<std::size_t>(at - head.begin()));
  }
  return order;
}

Result<CsvRow> row_of(std::vector<std::string> cells, const std::vector<std::size_t>& order,
                      std::span<const std::string_view> columns, std::string place) {
  if (cells.size() != order.size())
    return error_at(place,
                    fmt::format("a row has {} columns, this one {}", order.size(), cells.size()));
  std::vector<std::string> ordered;
  for (const std::size_t at : order) ordered.push_back(std::move(cells[at]));
  return CsvRow(columns, std::move(place), std::move(ordered));
}

bool says_nothing(std::string_view line) { return line.empty() || line.front() == '#'; }

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace

const std::string& CsvRow::text(std::string_view column) const {
  const auto at = std::find(columns_.begin(), columns_.end(), column);
  assert(at != columns_.end());
  return cells_[static_cast<std::size_t>(at - columns_.begin())];
}

Result<std::string> CsvRow::needed_text(std::string_view column) const {
  if (text(column).empty()) return error(column, "is empty");
  return text(column);
}

Result<std::optional<double>> CsvRow::number(std::string_view column, Bounds bounds) const {
  const std::string& cell = text(column);
  if (cell.empty()) return std::optional<double>{};
  const auto value = parse_number(cell);
  if (!value || *value < bounds.low || *value > bounds.high)
    return error(column,
                 fmt::format("'{}' is not a number from {} to {}", cell, bounds.low, bounds.high));
  return value;
}

Result<double> CsvRow::needed_number(std::string_view column, Bounds bounds) const {
  JOULERY_TRY(const std::optional<double> value, number(column, bounds));
  if (!value) return error(column, "is empty");
  return *value;
}

Result<int> CsvRow::needed_integer(std::string_view column, Bounds bounds) const {
  JOULERY_TRY(const double value, needed_number(column, bounds));
  if (value != std::floor(value)) return error(column, "is not a whole number");
  return static_cast<int>(value);
}

std::vector<std::string> CsvRow::list(std::string_view column) const {
  std::vector<std::string> parts;
  for (const std::string_view part : split(text(column), ';')) {
    if (!trim(part).empty()) parts.emplace_back(trim(part));
  }
  return parts;
}

Error CsvRow::error(std::string_view column, std::string_view what) const {
  return error_at(place_, fmt::format("column '{}': {}", column, what));
}

Result<std::vector<CsvRow>> parse_csv_table(std::string_view text, const std::string& file,
                                            std::span<const std::string_view> columns) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::vector<CsvRow> rows;
  std::optional<std::vector<std::size_t>> order;
  std::size_t number = 0;
  for (const std::string_view raw : split(text, '\n')) {
    ++number;
    const std::string_view line = trim(raw);
    if (says_nothing(line)) continue;
    std::string place = fmt::format("{}:{}", file, number);
    JOULERY_TRY(std::vector<std::string> cells, split_line(line, place));
    if (!order) {
      JOULERY_TRY(order, order_of(cells, columns, place));
      continue;
    }
    JOULERY_TRY(CsvRow row, row_of(std::move(cells), *order, columns, std::move(place)));
    rows.push_back(std::move(row));
  }
  if (!order) return error_at(file, "is empty: no line with the names of the columns");
  return rows;
}

}  // namespace joulery
