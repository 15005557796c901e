// report: the account of a project for people.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ostream>

#include "base/text.h"
#include "base/utf8.h"
#include "joulery/report.h"
#include "report/number.h"
#include "report/project.h"
#include "report/project_worth.h"
#include "report/text_table.h"
#include "report/totals_text.h"

namespace joulery {
namespace {

constexpr std::size_t kMostGroups = 20;
constexpr std::size_t kMostOfOneColumn = 8;

void write_head(const ProjectAccount& account, std::ostream& out) {
  std::string when;
  if (account.in_use)
    when = fmt::format(", {} to {}", account.in_use->begin.substr(0, 10),
                       account.in_use->end.substr(0, 10));
  write_paragraph(out, "",
                  fmt::format("{} jobs of {} ({}){}", account.totals.jobs,
                              shortened(printable(account.source), 60), account.format, when));
  if (account.shortest)
    out << fmt::format("  shortest {}, mean {}, longest {}\n", format_duration(*account.shortest),
                       format_duration(*account.mean), format_duration(*account.longest));
}

Totals totals_of(const ProjectAccount& account) {
  const JobTotals& totals = account.totals;
  Place place = account.place;
  place.cloud_price_source = "prices below";
  if (!totals.cost_excludes.empty())
    place.cloud_price_source += fmt::format("; without {}", fmt::join(totals.cost_excludes, ", "));
  return {.it_energy = totals.it_energy,
          .includes = account.includes,
          .excludes = totals.excludes,
          .lower_bound = totals.it_energy && !totals.excludes.empty(),
          .place = std::move(place),
          .site_energy = totals.site.site_energy,
          .carbon = totals.site.carbon,
          .electricity_cost = totals.site.electricity_cost,
          .cloud_cost = totals.cloud_cost};
}

void write_hours(const ProjectAccount& account, std::ostream& out) {
  std::string hours;
  for (const auto& [device, h] : account.device_hours)
    hours += fmt::format("{}{} {}", hours.empty() ? "" : ", ", printable(device), hours_text(h));
  write_paragraph(out, "  device time  ", hours);
  if (account.failed.jobs == 0) return;
  const JobTotals& failed = account.failed;
  const double all = account.totals.device_hours;
  std::string text = fmt::format("{} failed or cancelled job{}: {}, {} of it", failed.jobs,
                                 failed.jobs == 1 ? "" : "s", hours_text(failed.device_hours),
                                 percent(all > 0 ? failed.device_hours / all : 0));
  if (failed.it_energy) text += ", " + energy_text(failed);
  if (failed.cloud_cost.low)
    text += ", cloud rent " + range_text(failed.cloud_cost, account.place.currency);
  write_paragraph(out, "  of that      ", text);
}

void write_groupings(const ProjectAccount& account, std::ostream& out) {
  out << '\n';
  write_paragraph(out, "by ", printable(fmt::format("{}", fmt::join(account.by.columns, ", "))));
  write_grouping(account.by, kMostGroups, account.place.currency, out);
  for (const JobGrouping& single : account.single) {
    if (single.columns == account.by.columns || single.groups.size() < 2) continue;
    out << '\n';
    write_paragraph(out, "by ", printable(single.columns.front()));
    write_grouping(single, kMostOfOneColumn, account.place.currency, out);
  }
}

}  // namespace

void write_project_text(const ProjectAccount& account, std::ostream& out) {
  const Totals totals = totals_of(account);
  const double joules = totals.it_energy ? totals.it_energy.value->count() : 0;
  write_head(account, out);
  write_hours(account, out);
  write_totals(totals, energy_scale(joules), out);
  write_groupings(account, out);
  write_development(account, out);
  write_worth_text(account, out);
  MissingList missing;
  missing.note(totals);
  missing.write(out);
  write_project_remarks(account, out);
}

}  // namespace joulery
