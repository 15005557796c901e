// project: what quality took, see worth.h.
#include "project/worth.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "base/text.h"
#include "base/utf8.h"
#include "project/grouping.h"

namespace joulery::project {
namespace {

// Of the last 16th of a project's energy on: earlier doublings are of its first attempts.
constexpr std::array kShares = {1.0 / 16, 1.0 / 8, 1.0 / 4, 1.0 / 2, 1.0};
constexpr std::string_view kBaseline = "baseline";

Metrics metrics_of(const LogData& data) {
  Metrics out(data.jobs.size());
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = parse_number(data.value(data.jobs[i].kind, *data.metric));
  return out;
}

/// Jobs in the order of their ends; of a log without times, in its own.
std::vector<std::uint32_t> order_of(const LogData& data, bool& has_times) {
  std::vector<std::uint32_t> order(data.jobs.size());
  std::iota(order.begin(), order.end(), 0);
  has_times = std::all_of(order.begin(), order.end(),
                          [&](std::uint32_t i) { return data.jobs[i].has(JobRecord::kHasStart); });
  const auto end = [&](std::uint32_t i) { return data.jobs[i].start_us + data.jobs[i].elapsed_us; };
  if (has_times)
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return end(a) < end(b); });
  return order;
}

/// As device_hours of totals: of accelerators, or of cores where the log has nothing else.
double hours_of(const LogData& data, const JobRecord& job) {
  const auto& names = data.devices.names();
  const bool only_cores =
      std::all_of(names.begin(), names.end(), [](const auto& name) { return name == kCpu; });
  double devices = 0;
  for (const DeviceCount& held : data.devices.at(job.devices))
    if (only_cores || names[held.device] != kCpu) devices += held.count;
  return static_cast<double>(job.elapsed_us) / kMicrosPerHour * devices;
}

/// No run has a number: where its column first has something else, and what.
Error no_metric(const LogData& data) {
  const std::string& name = data.columns[*data.metric];
  std::string where = data.source, example;
  for (const CountedNote& note : data.remarks.notes())
    if (note.what == metric_note(name)) where += fmt::format(":{}", note.first_line);
  for (std::size_t i = 0; i < data.jobs.size() && example.empty(); ++i)
    example = data.value(data.jobs[i].kind, *data.metric);
  if (!example.empty())
    example = fmt::format(", as '{}' is none", shortened(printable(example), 40));
  return {ErrorCode::kInvalid,
          fmt::format("{}: --metric: no run has a number in \"{}\"{}", where, name, example)};
}

class WorthOfProject {
 public:
  WorthOfProject(const LogData& data, const ProjectRequest& request, const Metrics& metrics)
      : data_(data), request_(request), metrics_(metrics), order_(order_of(data, has_times_)) {}

  void put_best_so_far(ProjectWorth& worth) const {
    double hours = 0;
    std::optional<Joules> energy = Joules();
    for (const std::uint32_t i : order_) {
      const JobRecord& job = data_.jobs[i];
      hours += hours_of(data_, job);
      const auto own = energy_of(data_, job, request_.rates);
      energy = energy && own ? std::optional(*energy + *own) : std::nullopt;
      if (!metrics_[i]) continue;
      const bool first = worth.best_so_far.empty();
      if (!first && !is_better(*metrics_[i], worth.best_so_far.back().metric, request_.better))
        continue;
      std::string at;
      if (has_times_ && data_.calendar)
        at = format_time(WallTime(Micros(job.start_us + job.elapsed_us)));
      worth.best_so_far.push_back({at, *metrics_[i], hours, energy});
    }
    worth.by_energy = energy && *energy > Joules();
    put_doublings(worth.by_energy ? energy->count() : hours, worth);
  }

  void put_improvement(const Pricing& pricing, ProjectWorth& worth) const {
    Improvement out;
    const std::vector<bool> is_baseline = baseline_of(out);
    Tally spent;
    for (std::size_t i = 0; i < data_.jobs.size(); ++i) {
      if (is_baseline[i]) continue;
      spent.jobs += 1;
      add_job(data_, data_.jobs[i], 1, {}, spent);
    }
    out.to = out.from;
    for (std::size_t i = 0; i < metrics_.size(); ++i)
      if (metrics_[i] && !is_baseline[i] && is_better(*metrics_[i], out.to, request_.better))
        out.to = *metrics_[i];
    out.by = std::abs(out.to - out.from);
    // Neither none nor one so small or large that nothing can be divided by it.
    if (!std::isnormal(out.by) || !std::isnormal(1 / out.by)) return;
    out.spent = pricing.totals(spent);
    out.each = pricing.totals(scaled(spent, 1 / out.by));
    worth.improvement = std::move(out);
  }

  void put_sensitivity(ProjectWorth& worth) const {
    std::vector<double> metric;
    std::vector<HyperParameter> parameters;
    for (const std::size_t column : data_.parameters)
      parameters.push_back({data_.columns[column], {}});
    for (std::size_t i = 0; i < metrics_.size(); ++i) {
      if (!metrics_[i]) continue;
      metric.push_back(*metrics_[i]);
      for (std::size_t p = 0; p < parameters.size(); ++p)
        parameters[p].values.emplace_back(data_.value(data_.jobs[i].kind, data_.parameters[p]));
    }
    worth.sensitivity = explain_variance(metric, parameters);
  }

 private:
  /// The best so far when each share of the energy was used.
  void put_doublings(double all, ProjectWorth& worth) const {
    std::optional<double> before;
    for (const double share : kShares) {
      Doubling doubling{share, {}, {}};
      for (const BestSoFar& best : worth.best_so_far) {
        const double used = worth.by_energy ? best.it_energy->count() : best.device_hours;
        // What sums leave in their last digits is no energy.
        if (used <= share * all * (1 + 1e-12)) doubling.best = best.metric;
      }
      if (doubling.best && before) doubling.improved_by = std::abs(*doubling.best - *before);
      before = doubling.best;
      worth.doublings.push_back(doubling);
    }
  }

  /// Which jobs are the baseline: those of that role, else the first run that has a metric.
  std::vector<bool> baseline_of(Improvement& out) const {
    std::vector<bool> is_baseline(data_.jobs.size(), false);
    std::optional<double> best;
    for (std::size_t i = 0; i < is_baseline.size(); ++i) {
      if (lower(data_.value(data_.jobs[i].kind, kRole)) != kBaseline) continue;
      is_baseline[i] = true;
      if (metrics_[i] && (!best || is_better(*metrics_[i], *best, request_.better)))
        best = metrics_[i];
    }
    out.baseline = "the best run of role baseline";
    if (best) {
      out.from = *best;
      return is_baseline;
    }
    is_baseline.assign(is_baseline.size(), false);
    const auto first = std::find_if(order_.begin(), order_.end(),
                                    [&](std::uint32_t i) { return metrics_[i].has_value(); });
    is_baseline[*first] = true;
    out.baseline = "the first run with a metric";
    out.from = *metrics_[*first];
    return is_baseline;
  }

  const LogData& data_;
  const ProjectRequest& request_;
  const Metrics& metrics_;
  bool has_times_ = false;
  std::vector<std::uint32_t> order_;
};

}  // namespace

std::optional<Joules> energy_of(const LogData& data, const JobRecord& job,
                                const std::vector<DeviceRate>& rates) {
  if (job.has(JobRecord::kHasEnergy)) return Joules(job.energy_j);
  const DeviceSet& set = data.devices.at(job.devices);
  if (set.empty()) return {};
  const Seconds elapsed(static_cast<double>(job.elapsed_us) / kMicrosPerHour * kSecondsPerHour);
  Joules sum{};
  for (const DeviceCount& held : set) {
    const Estimate<Watts>& power = rates[held.device].power;
    if (!power) return {};
    sum += *power.value * elapsed * held.count;
  }
  return sum;
}

Result<ProjectWorth> worth_of(const LogData& data, const ProjectRequest& request,
                              const Pricing& pricing) {
  ProjectWorth worth;
  worth.metric = data.columns[*data.metric];
  worth.better = request.better;
  worth.target = request.target;
  const Metrics metrics = metrics_of(data);
  for (const auto& metric : metrics) ++(metric ? worth.runs : worth.without);
  if (worth.runs == 0) return no_metric(data);
  const WorthOfProject project(data, request, metrics);
  project.put_best_so_far(worth);
  project.put_improvement(pricing, worth);
  if (!data.parameters.empty()) project.put_sensitivity(worth);
  put_groups(data, metrics, request, pricing, worth);
  return worth;
}

}  // namespace joulery::project
