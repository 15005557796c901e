// report: plans for people: running now against the plan, and what it rests on.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <ostream>

#include "base/text.h"
#include "base/utf8.h"
#include "joulery/plan.h"
#include "joulery/report.h"
#include "report/local_clock.h"
#include "report/number.h"
#include "report/text_table.h"
#include "report/totals_text.h"

namespace joulery {
namespace {

constexpr std::size_t kMostSlots = 12;  // a choice: more are counted; --json has them all

void add_times(const PlannedRun& run, std::vector<WallTime>& times) {
  for (const Slot& slot : run.slots) times.insert(times.end(), {slot.begin, slot.end});
}

LocalClock clock_of(const Plan& plan, const TimeZone& zone) {
  std::vector<WallTime> times;
  for (const PlannedRun* run : {&plan.now, &plan.planned}) add_times(*run, times);
  for (const PlannedRun& run : plan.places) add_times(run, times);
  for (const PlanLever& lever : plan.levers) add_times(lever.run, times);
  if (plan.oracle) add_times(*plan.oracle, times);
  return {zone, times};
}

std::string saving_of(const PlannedRun& run) {
  return run.saving_pct ? saved_percent(*run.saving_pct, run.saving_u_pct) : "-";
}

/// In the currency of the column, or with its own.
std::string cost_of(const PlannedRun& run, const std::string& currency) {
  const std::string cost = rounded(as_number(run.cost));
  return run.cost && run.currency != currency ? cost + " " + run.currency : cost;
}

/// Scales of the greatest of several, so that rows can be compared.
struct Scales {
  Scale energy, carbon;
};

Scales scales_of(const std::vector<const PlannedRun*>& runs) {
  double joules = 0;
  double grams = 0;
  for (const PlannedRun* run : runs) {
    if (run->it_energy) joules = std::max(joules, run->it_energy.value->count());
    if (run->site_energy) joules = std::max(joules, run->site_energy.value->count());
    if (run->carbon) grams = std::max(grams, run->carbon.value->count());
  }
  return {energy_scale(joules), carbon_scale(grams)};
}

/// What the rows of a table share.
struct Columns {
  Scales scales;
  const LocalClock& clock;
  const std::string& currency;
};

std::vector<std::string> row_of(const std::string& name, const PlannedRun& run,
                                const Columns& columns) {
  const auto& [scales, clock, currency] = columns;
  return {printable(name),
          clock.text(run.slots.front().begin),
          clock.text(run.slots.back().end),
          rounded(as_number(run.it_energy, scales.energy.factor)),
          rounded(as_number(run.site_energy, scales.energy.factor)),
          rounded(as_number(run.carbon, scales.carbon.factor)),
          cost_of(run, currency),
          saving_of(run)};
}

std::string at_place(const char* name, const PlannedRun& run) {
  return run.place.empty() ? name : fmt::format("{} at {}", name, run.place);
}

void write_table(const Plan& plan, const LocalClock& clock, std::ostream& out) {
  std::vector<const PlannedRun*> runs{&plan.now, &plan.planned};
  if (plan.oracle) runs.push_back(&*plan.oracle);
  for (const PlannedRun& run : plan.places) runs.push_back(&run);
  const Columns columns{scales_of(runs), clock, plan.planned.currency};
  const Scales& scales = columns.scales;
  TextTable table({"", "start", "end", fmt::format("IT {}", scales.energy.name),
                   fmt::format("site {}", scales.energy.name),
                   fmt::format("{} CO2e", scales.carbon.name), columns.currency, "saving"},
                  {Align::kLeft, Align::kLeft, Align::kLeft, Align::kRight, Align::kRight,
                   Align::kRight, Align::kRight, Align::kRight});
  table.add(row_of(at_place("now", plan.now), plan.now, columns));
  table.add(row_of(at_place("planned", plan.planned), plan.planned, columns));
  if (plan.oracle) table.add(row_of(at_place("oracle", *plan.oracle), *plan.oracle, columns));
  for (const PlannedRun& run : plan.places)
    table.add(row_of("  best at " + run.place, run, columns));
  table.write(out, 0);
}

/// Cap, time and place: each alone, and together.
void write_levers(const Plan& plan, const LocalClock& clock, std::ostream& out) {
  if (plan.levers.empty()) return;
  std::vector<const PlannedRun*> runs;
  for (const PlanLever& lever : plan.levers) runs.push_back(&lever.run);
  const Scales scales = scales_of(runs);
  TextTable table({"lever", "cap W", "place", "start", fmt::format("IT {}", scales.energy.name),
                   fmt::format("{} CO2e", scales.carbon.name), plan.now.currency, "saving"},
                  {Align::kLeft, Align::kRight, Align::kLeft, Align::kLeft, Align::kRight,
                   Align::kRight, Align::kRight, Align::kRight});
  for (const PlanLever& lever : plan.levers)
    table.add({lever.name, fmt::format("{:.6g}", lever.cap.count()),
               lever.run.place.empty() ? "-" : printable(lever.run.place),
               clock.text(lever.run.slots.front().begin),
               rounded(as_number(lever.run.it_energy, scales.energy.factor)),
               rounded(as_number(lever.run.carbon, scales.carbon.factor)),
               cost_of(lever.run, plan.now.currency), saving_of(lever.run)});
  out << '\n';
  table.write(out, 0);
}

/// "IT energy 10 %", k = 2.
template <class T>
void add_share(const char* what, const Estimate<T>& estimate, std::vector<std::string>& shares) {
  if (!estimate || estimate.value->count() == 0) return;
  const double share = std::abs(estimate.u / *estimate.value);
  shares.push_back(share > 0 ? fmt::format("{} {:.2g} %", what, 200 * share)
                             : fmt::format("{} as given", what));
}

void write_uncertainty(const PlannedRun& run, std::ostream& out) {
  std::vector<std::string> shares;
  add_share("IT energy", run.it_energy, shares);
  add_share("site energy", run.site_energy, shares);
  add_share("carbon", run.carbon, shares);
  add_share("cost", run.cost, shares);
  if (shares.empty()) return;
  const char* const saving = !run.saving_pct ? ""
                             : run.saving_u_pct
                                 ? "; the saving has only what does not move both runs alike"
                                 : "; it moves both runs alike and cancels in the saving";
  write_paragraph(out, "± ",
                  fmt::format("of the planned run (k = 2, about 95 %): {}{}.",
                              fmt::join(shares, ", "), saving));
}

void write_slots(const std::vector<Slot>& slots, const LocalClock& clock, std::ostream& out) {
  if (slots.size() < 2) return;
  std::string text;
  for (std::size_t i = 0; i < std::min(slots.size(), kMostSlots); ++i)
    text += fmt::format("{}{} to {}", i > 0 ? "; " : "", clock.text(slots[i].begin),
                        clock.text(slots[i].end));
  if (slots.size() > kMostSlots)
    text += fmt::format("; and {} more (--json has all)", slots.size() - kMostSlots);
  write_paragraph(out, fmt::format("{} slots: ", slots.size()), text);
}

void write_forecasts(const Plan& plan, std::ostream& out) {
  if (plan.oracle)
    write_paragraph(out, "",
                    fmt::format("The plan went by a forecast; one that had known what came would "
                                "have saved {}.",
                                saving_of(*plan.oracle)));
  if (plan.spread)
    write_paragraph(
        out, "",
        fmt::format("With series that are off, in {} draws: saves {:.1f} %, and from {:.1f} to "
                    "{:.1f} % in nine of ten.",
                    plan.spread->draws, plan.spread->mean_pct, plan.spread->low_pct,
                    plan.spread->high_pct));
}

void write_warnings(const std::vector<std::string>& warnings, std::ostream& out) {
  for (const std::string& warning : warnings) write_paragraph(out, "- ", printable(warning));
}

void write_missing(const PlannedRun& run, std::ostream& out) {
  MissingList missing;
  missing.note("IT energy", run.it_energy.value.has_value(), run.it_energy.why);
  missing.note("site energy", run.site_energy.value.has_value(), run.site_energy.why);
  missing.note("carbon", run.carbon.value.has_value(), run.carbon.why);
  missing.note("cost", run.cost.value.has_value(), run.cost.why);
  missing.write(out);
}

}  // namespace

void write_plan_text(const Plan& plan, const TimeZone& zone, std::ostream& out) {
  std::string title = fmt::format("Plan for the least {}", plan.objective);
  if (!plan.intensity_kind.empty()) title += fmt::format(", {} intensities", plan.intensity_kind);
  write_paragraph(out, "", printable(title + "; times in " + zone.name() + "."));
  const LocalClock clock = clock_of(plan, zone);
  write_table(plan, clock, out);
  write_levers(plan, clock, out);
  write_slots(plan.planned.slots, clock, out);
  write_forecasts(plan, out);
  write_uncertainty(plan.planned, out);
  write_missing(plan.planned, out);
  write_warnings(plan.warnings, out);
}

void write_all_starts_text(const AllStartsPlan& plan, const TimeZone& zone, std::ostream& out) {
  const auto& starts = plan.costs.starts;
  const LocalClock clock(zone, {starts.front().start, starts.back().start});
  write_paragraph(
      out, "",
      fmt::format("From each of {} starts, {} to {} ({}), per kW of constant load:", starts.size(),
                  clock.text(starts.front().start), clock.text(starts.back().start), zone.name()));
  TextTable table({"", fmt::format("mean, {}", plan.unit)}, {Align::kLeft, Align::kRight});
  table.add({"now", fmt::format("{:.4f}", plan.costs.mean_now)});
  table.add({"planned", fmt::format("{:.4f}", plan.costs.mean_planned)});
  if (plan.saving_pct) table.add({"saving", fmt::format("{:.4f} %", *plan.saving_pct)});
  table.write(out, 2);
  write_warnings(plan.warnings, out);
}

}  // namespace joulery
