// project: the account of a project, put together from one pass over its jobs.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "joulery/project.h"
#include "project/curve.h"
#include "project/development.h"
#include "project/grouping.h"
#include "project/places.h"
#include "project/tally.h"
#include "project/worth.h"

namespace joulery {
namespace project {
namespace {

/// Shortest, mean and longest.
struct Lengths {
  std::int64_t least = std::numeric_limits<std::int64_t>::max(), most = 0;
  double sum = 0;
  std::size_t count = 0;

  void add(std::int64_t us) {
    least = std::min(least, us);
    most = std::max(most, us);
    sum += static_cast<double>(us);
    ++count;
  }
};

/// All that is summed in the one pass.
struct Sums {
  explicit Sums(const LogData& data) : by(data, data.by), development(data) {}
  Tally all;
  Lengths lengths;
  Grouping by;
  std::vector<Grouping> single;
  Development development;
};

Sums sum_up(const LogData& data) {
  Sums sums(data);
  std::vector<std::string> columns{"device"};
  for (std::size_t i = 0; i < data.columns.size(); ++i)
    if (data.has_column[i] && !data.for_worth[i]) columns.push_back(data.columns[i]);
  if (data.calendar) columns.emplace_back("month");
  for (const std::string& column : columns)
    sums.single.emplace_back(data, std::vector<std::string>{column});
  for (std::size_t i = 0; i < data.jobs.size(); ++i) {
    const JobRecord& job = data.jobs[i];
    sums.all.jobs += 1;
    add_job(data, job, 1, {}, sums.all);
    sums.lengths.add(job.elapsed_us);
    sums.by.add(job);
    for (Grouping& grouping : sums.single) grouping.add(job);
    sums.development.add(job);
  }
  return sums;
}

void put_includes(const LogData& data, const Tally& all, const std::vector<DeviceRate>& rates,
                  ProjectAccount& account) {
  std::set<std::string> kinds;
  if (all.measured_j() > 0) kinds.insert(data.format == "ledger" ? "as measured" : "node");
  for (const DeviceHours& d : all.devices) {
    if (d.unmeasured <= 0 || !rates[d.device].power) continue;
    kinds.insert(rates[d.device].part);
  }
  account.includes.assign(kinds.begin(), kinds.end());
}

/// In the order in which the log has them, whatever the place.
std::vector<std::pair<std::string, double>> hours_by_device(const Tally& all,
                                                            const std::vector<DeviceRate>& rates) {
  std::vector<std::pair<std::string, double>> out;
  for (const DeviceHours& d : all.devices) {
    const std::string& device = rates[d.device].device;
    const auto at =
        std::find_if(out.begin(), out.end(), [&](const auto& o) { return o.first == device; });
    if (at == out.end())
      out.emplace_back(device, d.hours);
    else
      at->second += d.hours;
  }
  return out;
}

void put_lengths(const Lengths& lengths, ProjectAccount& account) {
  const auto seconds = [](double us) { return Seconds(us / 1e6); };
  account.shortest = seconds(static_cast<double>(lengths.least));
  account.longest = seconds(static_cast<double>(lengths.most));
  account.mean = seconds(lengths.sum / static_cast<double>(lengths.count));
}

void put_remarks(const LogData& data, ProjectAccount& account) {
  account.skipped = data.remarks.skipped();
  account.skipped_lines = data.remarks.skipped_lines();
  account.skipped_why = data.remarks.reasons();
  account.notes = data.remarks.notes();
  account.steps = data.steps;
}

Error no_jobs(const LogData& data) {
  std::string why;
  for (const CountedNote& reason : data.remarks.reasons())
    why += fmt::format("{}{} of line {}: {}", why.empty() ? ": " : "; ", reason.count,
                       reason.first_line, reason.what);
  return {ErrorCode::kInvalid,
          fmt::format("{}: no job that can be counted{}", data.source, why.substr(0, 500))};
}

}  // namespace
}  // namespace project

Result<ProjectAccount> account_project(const JobLog& log, const ProjectRequest& request) {
  const project::LogData& data = log.data();
  if (data.jobs.size() == 0) return project::no_jobs(data);
  const project::Sums sums = project::sum_up(data);
  const std::vector<Place> places = project::places_of(data.places, request);
  const project::Pricing pricing(request.rates, places, data.excludes);
  ProjectAccount account;
  account.source = data.source;
  account.format = data.format;
  account.place = project::common_place(places);
  account.rates = request.rates;
  account.totals = pricing.totals(sums.all);
  account.failed = pricing.totals(sums.development.failed());
  account.device_hours = project::hours_by_device(sums.all, request.rates);
  account.by = sums.by.finish(pricing);
  for (const project::Grouping& grouping : sums.single)
    account.single.push_back(grouping.finish(pricing));
  account.in_use = project::devices_in_use(data);
  account.development = sums.development.lines(sums.all, pricing, request.tuning_jobs);
  account.roles = sums.development.roles(pricing);
  if (request.own && (request.own_devices || account.in_use)) {
    const double devices = request.own_devices ? *request.own_devices
                                               : std::max(1.0, std::round(account.in_use->mean));
    account.own =
        project::compare_own(*request.own, devices, account.totals, request.place.currency);
  }
  if (data.metric) {
    JOULERY_TRY(account.worth, project::worth_of(data, request, pricing));
  }
  project::put_includes(data, sums.all, request.rates, account);
  project::put_lengths(sums.lengths, account);
  project::put_remarks(data, account);
  return account;
}

}  // namespace joulery
