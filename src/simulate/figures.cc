// simulate: sums and waits, see figures.h.
#include "simulate/figures.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace joulery::simulate {
namespace {

// Slots are whole microseconds, and a plan may have a hundred thousand of them.
constexpr Micros kRounding = std::chrono::milliseconds(200);

/// The 95th percentile, the nearest rank: of 100 values the 95th. Reorders them.
double p95(std::vector<double>& values) {
  const std::size_t rank = (95 * values.size() + 99) / 100;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

/// How long a job ran, what its resumes added included.
Micros worked(const Parts& parts, std::size_t job) {
  Micros sum{0};
  for (std::uint32_t p = parts.first[job]; p < parts.first[job + 1]; ++p)
    sum += parts.all[p].length;
  return sum;
}

double seconds(Micros time) { return Seconds(time).count(); }

}  // namespace

SimulationSums sums_of(const PerWatt& sum, bool has_price) {
  SimulationSums out{Joules(sum.seconds), Joules(sum.site), GramsCo2(sum.carbon), {}};
  if (has_price) out.cost = Money(sum.money);
  return out;
}

Figures add_up(const std::vector<MovableJob>& jobs, const Parts& parts, const Signals& signals,
               const Slowing* slowing) {
  Figures out;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const MovableJob& job = jobs[i];
    const bool capped = slowing != nullptr && slowing->caps(job);
    for (std::uint32_t p = parts.first[i]; p < parts.first[i + 1]; ++p) {
      const Part& part = parts.all[p];
      const PerWatt held = signals.over(part.begin, part.end());
      const PerWatt used = capped ? slowing->signals().over(part.begin, part.end()) : held;
      out.jobs += used * job.power.count();
      out.devices += held * job.devices;
    }
  }
  return out;
}

Result<PolicyRun> describe(const std::vector<MovableJob>& jobs, const Parts& parts,
                           const Signals& signals, Micros slack) {
  PolicyRun run;
  std::vector<double> waits, stretches;
  waits.reserve(jobs.size());
  stretches.reserve(jobs.size());
  run.end = signals.begin();
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const MovableJob& job = jobs[i];
    const WallTime end = parts.all[parts.first[i + 1] - 1].end();
    const std::uint32_t resumes = parts.first[i + 1] - parts.first[i] - 1;
    waits.push_back(seconds(parts.all[parts.first[i]].begin - job.release));
    stretches.push_back(seconds(end - job.release) / seconds(job.length));
    if (end > job.release + slack + job.length + kRounding) ++run.late;
    run.resumes += resumes;
    if (resumes > 0) run.resume_energy += job.power * Seconds(worked(parts, i) - job.length);
    run.end = std::max(run.end, end);
  }
  if (run.end > signals.end())
    return Error{
        ErrorCode::kInvalid,
        fmt::format("--capacity: the queue outlasts the series: the last job would end {}, "
                    "and nothing is known after {}",
                    format_time(run.end), format_time(signals.end()))};
  run.mean_wait = Seconds(mean(waits));
  run.p95_wait = Seconds(p95(waits));
  run.mean_stretch = mean(stretches);
  run.p95_stretch = p95(stretches);
  return run;
}

std::vector<double> hourly_devices(const std::vector<MovableJob>& jobs, const Parts& parts) {
  constexpr Micros kHour = std::chrono::hours(1);
  const WallTime begin = jobs.front().release;
  std::vector<double> held;    // within hours that a part does not fill
  std::vector<double> change;  // of those in use all the hour
  for (std::size_t i = 0; i < jobs.size(); ++i)
    for (std::uint32_t p = parts.first[i]; p < parts.first[i + 1]; ++p) {
      const Micros from = parts.all[p].begin - begin, to = parts.all[p].end() - begin;
      const auto first = static_cast<std::size_t>(from / kHour);
      const auto last = static_cast<std::size_t>(to / kHour);
      if (held.size() <= last) held.resize(last + 1), change.resize(last + 2);
      const double devices = jobs[i].devices / seconds(kHour);
      held[first] -= devices * seconds(from % kHour);
      held[last] += devices * seconds(to % kHour);
      change[first] += jobs[i].devices;
      change[last] -= jobs[i].devices;
    }
  double full = 0;
  for (std::size_t hour = 0; hour < held.size(); ++hour) held[hour] += full += change[hour];
  return held;
}

}  // namespace joulery::simulate
