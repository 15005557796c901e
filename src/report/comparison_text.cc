// report: the difference of two runs as a table for people.
#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "base/text.h"
#include "base/utf8.h"
#include "report/comparison.h"
#include "report/number.h"
#include "report/text_table.h"

namespace joulery {
namespace {

void write_run(char letter, const Account& account, std::ostream& out) {
  std::string text = printable(account.job.id);
  if (!account.job.name.empty()) text += "  \"" + printable(account.job.name) + "\"";
  text += "  " + format_time(account.begin);
  write_paragraph(out, std::string(1, letter) + "  ", text);
}

// What people read: joules become the unit of the larger of both runs.
Scale scale_of(const Comparison::Row& row) {
  if (row.unit != "J") return Scale{row.unit.c_str(), 1};
  return energy_scale(std::max(row.a.value.value_or(0), row.b.value.value_or(0)));
}

std::vector<std::string> cells_of(const Comparison::Row& row) {
  const Scale scale = scale_of(row);
  const auto in_scale = [&](const Estimate<double>& e) {
    return plus_minus(as_number(e, scale.factor));
  };
  std::string ratio = plus_minus(as_number(row.ratio, 100), "%");
  if (row.common_cancelled) ratio += " *";
  return {printable(scale.name), in_scale(row.a), in_scale(row.b), in_scale(row.change), ratio};
}

TextTable table_of(const Comparison& difference, bool names_beside) {
  std::vector<std::string> heads = {"unit", "A", "B", "B - A", "B / A - 1"};
  std::vector<Align> aligns = {Align::kLeft, Align::kRight, Align::kRight, Align::kRight,
                               Align::kRight};
  if (names_beside) {
    heads.insert(heads.begin(), "");
    aligns.insert(aligns.begin(), Align::kLeft);
  }
  TextTable table(std::move(heads), std::move(aligns));
  for (const Comparison::Row& row : difference.rows) {
    std::vector<std::string> cells = cells_of(row);
    if (names_beside)
      cells.insert(cells.begin(), shortened_path(printable(row.what), 24));
    else
      table.add_title(printable(row.what));
    table.add(std::move(cells));
  }
  return table;
}

}  // namespace

void write_comparison_text(const Account& a, const Account& b, const Comparison& difference,
                           std::ostream& out) {
  write_run('A', a, out);
  write_run('B', b, out);
  out << '\n';
  const TextTable beside = table_of(difference, true);
  const bool fits = beside.width() <= kTextColumns;
  (fits ? beside : table_of(difference, false)).write(out, 0);
  const bool cancelled = std::any_of(difference.rows.begin(), difference.rows.end(),
                                     [](const auto& row) { return row.common_cancelled; });
  out << "\n\u00b1 is k = 2, about 95 %.\n";
  if (cancelled)
    out << "* the same sensors measured both: their common error cancels in the difference.\n";
  for (const std::string& note : difference.notes) write_paragraph(out, "- ", printable(note));
}

}  // namespace joulery
