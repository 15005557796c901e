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
#include "report/text_table.h"

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

void write_line(const char* what, const std::string& value, const std::string& why,
                std::ostream& out) {
  const std::string first = fmt::format("  {:<18}", what);
  write_paragraph(out, first, value == "-" ? "not known: " + printable(why) : value);
}

void write_totals(const ProjectAccount& account, std::ostream& out) {
  const JobTotals& totals = account.totals;
  const std::string& currency = account.place.currency;
  std::string hours;
  for (const auto& [device, h] : account.device_hours)
    hours += fmt::format("{}{} {}", hours.empty() ? "" : ", ", printable(device), hours_text(h));
  write_line("device time", hours, "", out);
  std::string energy = energy_text(totals);
  if (!totals.excludes.empty())
    energy += fmt::format(" (without {})", fmt::join(totals.excludes, ", "));
  write_line("IT energy", printable(energy), totals.it_energy.why, out);
  JobTotals site = totals;
  site.it_energy = totals.site.site_energy;
  write_line("site energy", energy_text(site), totals.site.site_energy.why, out);
  write_line("carbon", carbon_text(totals.site.carbon), totals.site.carbon.why, out);
  write_line("electricity", money_text(totals.site.electricity_cost, currency),
             totals.site.electricity_cost.why, out);
  std::string cloud = range_text(totals.cloud_cost, currency);
  if (!totals.cost_excludes.empty())
    cloud += fmt::format(" (without {})", fmt::join(totals.cost_excludes, ", "));
  write_line("cloud", printable(cloud), totals.cloud_cost.low.why, out);
  if (account.failed.jobs == 0) return;
  const double share =
      totals.device_hours > 0 ? account.failed.device_hours / totals.device_hours : 0;
  write_line("failed, cancelled",
             fmt::format("{} jobs, {}, {} of the device time{}{}", account.failed.jobs,
                         hours_text(account.failed.device_hours), percent(share),
                         account.failed.it_energy ? "; " + energy_text(account.failed) : "",
                         account.failed.cloud_cost.low
                             ? "; cloud " + range_text(account.failed.cloud_cost, currency)
                             : ""),
             "", out);
}

void write_groupings(const ProjectAccount& account, std::ostream& out) {
  out << "\nby " << printable(fmt::format("{}", fmt::join(account.by.columns, ", "))) << '\n';
  write_grouping(account.by, kMostGroups, account.place.currency, out);
  for (const JobGrouping& single : account.single) {
    if (single.columns == account.by.columns || single.groups.size() < 2) continue;
    out << "\nby " << printable(single.columns.front()) << '\n';
    write_grouping(single, kMostOfOneColumn, account.place.currency, out);
  }
}

}  // namespace

void write_project_text(const ProjectAccount& account, std::ostream& out) {
  write_head(account, out);
  write_totals(account, out);
  write_groupings(account, out);
  write_development(account, out);
  write_project_remarks(account, out);
}

}  // namespace joulery
