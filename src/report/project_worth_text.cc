// report: what quality took, for people, see project_worth.h.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ostream>

#include "base/text.h"
#include "base/utf8.h"
#include "report/number.h"
#include "report/project.h"
#include "report/project_worth.h"
#include "report/text_table.h"

namespace joulery {
namespace {

constexpr std::size_t kMostLines = 20;  // of a table, as of totals
constexpr std::size_t kMetricColumns = 30;

std::string number(double value) { return fmt::format("{:.6g}", value); }
std::string number(const std::optional<double>& value) { return value ? number(*value) : "-"; }

std::string name_text(const std::string& name) {
  return name.empty() ? "-" : shortened(printable(name), kMetricColumns);
}

/// "52.1 MWh, 35.6 t CO2e, 9870 USD of electricity, 103175 to 350315 USD of cloud rent".
std::string taken(const JobTotals& totals, const std::string& currency) {
  std::string text = hours_text(totals.device_hours) + " of devices";
  if (totals.it_energy) text += ", " + energy_text(totals);
  if (const auto& carbon = totals.site.carbon) {
    const Scale scale = carbon_scale(carbon.value->count());
    text += ", " + plus_minus(as_number(carbon, scale.factor), std::string(scale.name) + " CO2e");
  }
  if (totals.site.electricity_cost)
    text += ", electricity " + money_text(totals.site.electricity_cost, currency);
  if (totals.cloud_cost.low) text += ", cloud rent " + range_text(totals.cloud_cost, currency);
  return text;
}

void write_improvement(const ProjectWorth& worth, const std::string& currency, std::ostream& out) {
  const std::string metric = shortened(printable(worth.metric), kMetricColumns);
  if (!worth.improvement) {
    // A metric of 1e308 is better, but nothing can be had by 1 of it.
    const double first = worth.best_so_far.front().metric;
    const double best = worth.best_so_far.back().metric;
    write_paragraph(
        out, "  ",
        first == best
            ? fmt::format("nothing was better than the first run, {} {}", metric, number(first))
            : fmt::format("from {} to {}: too far, or too near, to tell what 1 of {} took",
                          number(first), number(best), metric));
    return;
  }
  const Improvement& improvement = *worth.improvement;
  write_paragraph(
      out, "  improved  ",
      fmt::format("by {}, from {} ({}) to {}", number(improvement.by), number(improvement.from),
                  improvement.baseline, number(improvement.to)));
  write_paragraph(out, "  took      ", taken(improvement.spent, currency));
  write_paragraph(out, "  per unit  ", taken(improvement.each, currency));
}

void write_doublings(const ProjectWorth& worth, std::ostream& out) {
  TextTable table({worth.by_energy ? "of the energy" : "of device time", "best so far",
                   "gained by the doubling"},
                  {Align::kRight, Align::kRight, Align::kRight});
  for (const Doubling& doubling : worth.doublings)
    table.add({percent(doubling.share), number(doubling.best), number(doubling.improved_by)});
  out << '\n';
  table.write(out, 2);
}

std::string share_text(const ExplainedShare& share) {
  return share.share ? fmt::format("{:.1f} %", 100 * *share.share) : "-";
}
std::string interval_text(const ExplainedShare& share) {
  if (!share.interval) return "-";
  return fmt::format("{:.1f} to {:.1f} %", 100 * share.interval->first,
                     100 * share.interval->second);
}

void write_why(const ExplainedShare& share, std::ostream& out) {
  if (!share.why.empty())
    write_paragraph(out, "  ", printable(name_text(share.name) + ": " + share.why));
}

void write_sensitivity(const ProjectWorth& worth, std::ostream& out) {
  const Sensitivity& seen = *worth.sensitivity;
  out << '\n';
  write_paragraph(
      out, "",
      fmt::format("share of the variance of {} between {} runs",
                  shortened(printable(worth.metric), kMetricColumns), seen.runs - seen.left_out));
  TextTable table({"parameter", "values", "explains", "95 %"},
                  {Align::kLeft, Align::kRight, Align::kRight, Align::kRight});
  for (const ExplainedShare& share : seen.parameters)
    table.add({name_text(share.name),
               fmt::format("{}{}", share.values, share.binned ? " ranges" : ""), share_text(share),
               interval_text(share)});
  table.add({"rest: interactions, chance", "", share_text(seen.rest), interval_text(seen.rest)});
  table.write(out, 2);
  if (seen.chance)
    write_paragraph(out, "  ",
                    fmt::format("of the rest, {:.1f} % are between runs of the very same values",
                                100 * *seen.chance));
  for (const ExplainedShare& share : seen.parameters) write_why(share, out);
  if (seen.left_out > 0)
    write_paragraph(
        out, "  ",
        fmt::format("{} runs left out: too few others have a value of theirs", seen.left_out));
}

void write_target(const ProjectWorth& worth, const std::string& currency, std::ostream& out) {
  out << '\n';
  write_paragraph(
      out, "",
      fmt::format("to reach {} {}: the mean of runs that did, and of all jobs for each "
                  "of them",
                  shortened(printable(worth.metric), kMetricColumns), number(*worth.target)));
  std::vector<TotalsRow> rows;
  std::size_t told = 0;
  for (const GroupWorth& group : worth.groups) {
    if (told++ == kMostLines) break;
    const std::string name = fmt::format("{}", fmt::join(group.key, ", "));
    const std::string runs = fmt::format("{} of {}", group.reached, group.runs);
    if (group.mean_of_reached) {
      rows.push_back({{name, "those that did"}, runs, &*group.mean_of_reached});
      rows.push_back({{name, "all, each"}, "", &*group.per_reached});
    } else {
      rows.push_back({{name, "none did"}, runs, &group.totals});
    }
  }
  std::string columns = fmt::format("{}", fmt::join(worth.columns, ", "));
  write_totals_table({columns.empty() ? "project" : columns, ""}, rows, currency, out);
  if (worth.groups.size() > kMostLines)
    out << fmt::format("  and {} more, which --json lists\n", worth.groups.size() - kMostLines);
}

std::string front_mark(const std::optional<double>& value, bool on, Scale (*scale_of)(double)) {
  if (!value) return "-";
  const Scale scale = scale_of(*value);
  const std::string unit = *scale.name == '\0' ? "" : std::string(" ") + scale.name;
  return fmt::format("{:.4g}{}{}", *value * scale.factor, unit, on ? " *" : "  ");
}

Scale money_scale(double) { return {"", 1}; }

}  // namespace

void write_front_text(const std::vector<FrontPoint>& front, const std::string& currency,
                      std::ostream& out) {
  if (front.size() < 2) return;
  out << "\nmetric beside what it took; *: nothing else gives as much for less\n";
  TextTable table({"", "metric", "IT energy  ", "CO2e  ", "cloud, " + currency + "  "},
                  {Align::kLeft, Align::kRight, Align::kRight, Align::kRight, Align::kRight});
  std::size_t told = 0;
  for (const FrontPoint& at : front) {
    // All that is on a front, and of the others the first.
    if (told >= kMostLines && !at.energy && !at.carbon && !at.cost) continue;
    if (++told > 2 * kMostLines) break;
    table.add({name_text(at.point.name) + (at.estimate ? " (estimate)" : ""),
               number(at.point.metric), front_mark(at.point.energy_j, at.energy, energy_scale),
               front_mark(at.point.carbon_g, at.carbon, carbon_scale),
               front_mark(at.point.cost, at.cost, money_scale)});
  }
  table.write(out, 2);
}

void write_worth_text(const ProjectAccount& account, std::ostream& out) {
  if (!account.worth) return;
  const ProjectWorth& worth = *account.worth;
  out << '\n';
  write_paragraph(
      out, "",
      fmt::format("{}, {} is better: {} runs have it, {} do not",
                  shortened(printable(worth.metric), kMetricColumns),
                  worth.better == Better::kHigher ? "higher" : "lower", worth.runs, worth.without));
  write_improvement(worth, account.place.currency, out);
  write_doublings(worth, out);
  if (worth.sensitivity) write_sensitivity(worth, out);
  if (worth.target) write_target(worth, account.place.currency, out);
  write_front_text(worth.front, account.place.currency, out);
}

}  // namespace joulery
