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
  return {shortened_path(printable(row.what), 24),
          printable(scale.name),
          in_scale(row.a),
          in_scale(row.b),
          in_scale(row.change),
          ratio};
}

}  // namespace

void write_comparison_text(const Account& a, const Account& b, const Comparison& difference,
                           std::ostream& out) {
  using Align = TextTable::Align;
  write_run('A', a, out);
  write_run('B', b, out);
  TextTable table(
      {"", "unit", "A", "B", "B - A", "B / A - 1"},
      {Align::kLeft, Align::kLeft, Align::kRight, Align::kRight, Align::kRight, Align::kRight});
  bool cancelled = false;
  for (const Comparison::Row& row : difference.rows) {
    cancelled = cancelled || row.common_cancelled;
    table.add(cells_of(row));
  }
  out << '\n';
  table.write(out, 0);
  out << "\n\u00b1 is k = 2, about 95 %.\n";
  if (cancelled)
    out << "* the same sensors measured both: their common error cancels in the difference.\n";
  for (const std::string& note : difference.notes) write_paragraph(out, "- ", printable(note));
}

}  // namespace joulery
