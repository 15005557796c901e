// report: totals of a project's jobs as tables, see project.h.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ostream>

#include "base/text.h"
#include "base/utf8.h"
#include "report/number.h"
#include "report/project.h"
#include "report/text_table.h"

namespace joulery {
namespace {

// Of a name in a table, columns: the widest with which its lines fit.
constexpr std::array<std::size_t, 5> kKeyWidths = {24, 16, 11, 8, 5};
// With more, the names of a row stand in one cell.
constexpr std::size_t kMostKeys = 3;
constexpr std::size_t kIndent = 2;

std::string key_cell(const std::string& value, std::size_t width) {
  return value.empty() ? "-" : shortened(printable(value), width);
}

std::vector<std::string> key_cells(const std::vector<std::string>& key, std::size_t width) {
  std::vector<std::string> cells;
  if (key.size() > kMostKeys)
    return {key_cell(fmt::format("{}", fmt::join(key, ", ")), kMostKeys * width)};
  for (const std::string& value : key) cells.push_back(key_cell(value, width));
  return cells;
}

/// Which columns have anything to say.
struct Shown {
  bool cores = false, energy = false, carbon = false, electricity = false, cloud = false;

  explicit Shown(const std::vector<TotalsRow>& rows) {
    for (const TotalsRow& row : rows) {
      // In a log of cores alone these are the devices.
      cores |= row.totals->cpu_hours > 0 && row.totals->cpu_hours != row.totals->device_hours;
      energy |= row.totals->it_energy.value.has_value();
      carbon |= row.totals->site.carbon.value.has_value();
      electricity |= row.totals->site.electricity_cost.value.has_value();
      cloud |= row.totals->cloud_cost.low.value.has_value();
    }
  }
};

std::string short_money(const Estimate<Money>& money) {
  if (!money) return "-";
  const double count = money.value->count();
  return format_fixed(count, std::abs(count) < 100 ? 2 : 0);
}

std::string short_range(const CostRange& cost) {
  if (!cost.low || !cost.high) return "-";
  if (cost.low.value == cost.high.value) return short_money(cost.low);
  return short_money(cost.low) + ".." + short_money(cost.high);
}

std::string short_energy(const JobTotals& totals) {
  if (!totals.it_energy) return "-";
  const Scale scale = energy_scale(totals.it_energy.value->count());
  return three_digits(as_number(totals.it_energy, scale.factor)) + " " + scale.name;
}

std::string short_carbon(const Estimate<GramsCo2>& carbon) {
  if (!carbon) return "-";
  const Scale scale = carbon_scale(carbon.value->count());
  return three_digits(as_number(carbon, scale.factor)) + " " + scale.name;
}

std::vector<std::string> cells_of(const TotalsRow& row, const Shown& shown, std::size_t width) {
  const JobTotals& totals = *row.totals;
  std::vector<std::string> cells = key_cells(row.key, width);
  cells.push_back(row.jobs);
  cells.push_back(hours_text(totals.device_hours));
  if (shown.cores) cells.push_back(totals.cpu_hours > 0 ? hours_text(totals.cpu_hours) : "-");
  if (shown.energy) cells.push_back(short_energy(totals));
  if (shown.carbon) cells.push_back(short_carbon(totals.site.carbon));
  if (shown.electricity) cells.push_back(short_money(totals.site.electricity_cost));
  if (shown.cloud) cells.push_back(short_range(totals.cloud_cost));
  return cells;
}

TextTable make_table(const std::vector<std::string>& heads, const std::vector<TotalsRow>& rows,
                     const std::string& currency, std::size_t width) {
  const Shown shown(rows);
  std::vector<std::string> all = key_cells(heads, width);
  std::vector<Align> aligns(all.size(), Align::kLeft);
  const auto put = [&](bool yes, const std::string& head) {
    if (!yes) return;
    all.push_back(head);
    aligns.push_back(Align::kRight);
  };
  put(true, "jobs");
  put(true, "device time");
  put(shown.cores, "core time");
  put(shown.energy, "IT energy");
  put(shown.carbon, "CO2e");
  put(shown.electricity, "electricity, " + currency);
  put(shown.cloud, "cloud, " + currency);
  TextTable table(std::move(all), std::move(aligns));
  for (const TotalsRow& row : rows) table.add(cells_of(row, shown, width));
  return table;
}

}  // namespace

std::string hours_text(double hours) {
  const int decimals = hours < 100 ? 2 : hours < 10'000 ? 1 : 0;
  return format_fixed(hours, decimals) + " h";
}

std::string money_text(const Estimate<Money>& money, const std::string& currency) {
  if (!money) return "-";
  if (money.u > Money()) return plus_minus(as_number(money), currency);
  return short_money(money) + " " + currency;
}

std::string range_text(const CostRange& cost, const std::string& currency) {
  if (!cost.low || !cost.high) return "-";
  if (cost.low.value == cost.high.value) return money_text(cost.low, currency);
  return short_money(cost.low) + " to " + money_text(cost.high, currency);
}

std::string energy_text(const JobTotals& totals) {
  if (!totals.it_energy) return "-";
  const Scale scale = energy_scale(totals.it_energy.value->count());
  const std::string text = plus_minus(as_number(totals.it_energy, scale.factor), scale.name);
  return totals.excludes.empty() ? text : "at least " + text;
}

void write_totals_table(const std::vector<std::string>& heads, const std::vector<TotalsRow>& rows,
                        const std::string& currency, std::ostream& out) {
  for (const std::size_t width : kKeyWidths) {
    const TextTable table = make_table(heads, rows, currency, width);
    const bool fits = table.width() + kIndent <= kTextColumns;
    if (fits || width == kKeyWidths.back()) return table.write(out, kIndent);
  }
}

void write_grouping(const JobGrouping& grouping, std::size_t most, const std::string& currency,
                    std::ostream& out) {
  std::vector<TotalsRow> rows;
  for (const JobGroup& group : grouping.groups) {
    if (rows.size() == most) break;
    rows.push_back({group.key, fmt::format("{}", group.totals.jobs), &group.totals});
  }
  write_totals_table(grouping.columns, rows, currency, out);
  if (rows.size() < grouping.groups.size())
    out << fmt::format("  and {} more, which --json lists\n", grouping.groups.size() - rows.size());
}

}  // namespace joulery
