// report: tables over a grid, see grid_tables.h.
#include "report/grid_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "base/utf8.h"
#include "report/choice.h"
#include "report/grid_means.h"
#include "report/job_key.h"
#include "report/text_table.h"

namespace joulery {
namespace {

using Column = std::vector<std::string>;  // its heading, a cell a combination, the mean
using Wanted = std::optional<Change> CapPoint::*;

// Of a label: leaves room for one cap with both ends of its interval.
constexpr std::size_t kMostLabel = 70;
constexpr std::size_t kGap = 2;  // between two columns of a TextTable

std::size_t width_of_column(const Column& column) {
  std::size_t width = 0;
  for (const std::string& cell : column) width = std::max(width, width_of(cell));
  return width;
}

Column labels_of(const std::vector<Sweep>& sweeps) {
  Column labels{shortened(key_names(sweeps.front().key), kMostLabel)};
  for (const Sweep& sweep : sweeps)
    labels.push_back(shortened(printable(key_values(sweep.key, "  ")), kMostLabel));
  labels.emplace_back("mean");
  return labels;
}

Column column_of(const std::vector<Sweep>& sweeps, const GridMean& mean, Wanted wanted) {
  Column column{fmt::format("{:g} W", mean.cap.count())};
  for (const Sweep& sweep : sweeps) {
    const CapPoint* const point = find_point(sweep, mean.cap);
    column.push_back(point == nullptr ? "-" : relative_percent(point->*wanted));
  }
  column.push_back(relative_percent(wanted == &CapPoint::time_change ? mean.time : mean.energy));
  return column;
}

/// Where a table that begins with column `first` ends.
std::size_t end_of_table(const std::vector<Column>& columns, std::size_t first,
                         std::size_t label_width) {
  std::size_t used = label_width + kGap + width_of_column(columns[first]);
  std::size_t end = first + 1;
  for (; end < columns.size(); ++end) {
    used += kGap + width_of_column(columns[end]);
    if (used > kTextColumns) break;
  }
  return end;
}

void write_table(const Column& labels, const std::vector<Column>& columns, std::size_t first,
                 std::size_t end, std::ostream& out) {
  const auto row = [&](std::size_t i) {
    std::vector<std::string> cells{labels[i]};
    for (std::size_t k = first; k < end; ++k) cells.push_back(columns[k][i]);
    return cells;
  };
  std::vector<TextTable::Align> aligns(1 + end - first, TextTable::Align::kRight);
  aligns[0] = TextTable::Align::kLeft;
  TextTable table(row(0), std::move(aligns));
  for (std::size_t i = 1; i < labels.size(); ++i) table.add(row(i));
  table.write(out, 0);
}

}  // namespace

void write_grid_tables(const std::vector<Sweep>& sweeps, std::ostream& out) {
  const Column labels = labels_of(sweeps);
  for (const auto& [what, wanted] : {std::pair<const char*, Wanted>{"time", &CapPoint::time_change},
                                     {"energy", &CapPoint::energy_change}}) {
    std::vector<Column> columns;
    for (const GridMean& mean : grid_means(sweeps))
      columns.push_back(column_of(sweeps, mean, wanted));
    for (std::size_t first = 0; first < columns.size();) {
      const std::size_t end = end_of_table(columns, first, width_of_column(labels));
      out << "\nrelative " << what << ", the limit that was found is 100 %\n";
      write_table(labels, columns, first, end, out);
      first = end;
    }
  }
}

}  // namespace joulery
