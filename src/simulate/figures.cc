// simulate: sums and waits, see figures.h.
#include "simulate/figures.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "simulate/step_sums.h"

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

/// What jobs draw in each piece, those with a cap and those without.
class LoadByPiece {
 public:
  LoadByPiece(const Signals& signals, const Slowing* slowing)
      : signals_(signals), slowing_(slowing) {
    free_.grow_to(signals.pieces());
    capped_.grow_to(signals.pieces());
  }
  void add(const Part& part, Watts power, bool capped) {
    (capped ? capped_ : free_).add(at(part.begin), at(part.end()), power.count());
  }
  [[nodiscard]] std::vector<double> joules() const {
    const auto length = [&](std::size_t i) {
      return seconds(signals_.begin_of(i + 1) - signals_.begin_of(i));
    };
    std::vector<double> out = free_.sums(length);
    if (slowing_ == nullptr) return out;
    const std::vector<double> capped = capped_.sums(length);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] += capped[i] * slowing_->power_in(i);
    return out;
  }

 private:
  [[nodiscard]] StepSums::At at(WallTime time) const {
    const std::size_t piece = signals_.piece_at(time);
    return {piece, seconds(time - signals_.begin_of(piece))};
  }

  const Signals& signals_;
  const Slowing* slowing_;
  StepSums free_, capped_;
};

}  // namespace

SimulationSums sums_of(const PerWatt& sum, bool has_price) {
  SimulationSums out{Joules(sum.seconds), Joules(sum.site), GramsCo2(sum.carbon), {}};
  if (has_price) out.cost = Money(sum.money);
  return out;
}

Figures add_up(const std::vector<MovableJob>& jobs, const Parts& parts, const Signals& signals,
               const Slowing* slowing) {
  Figures out;
  LoadByPiece load(signals, slowing);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const MovableJob& job = jobs[i];
    const bool capped = slowing != nullptr && slowing->caps(job);
    PerWatt of_job;
    for (std::uint32_t p = parts.first[i]; p < parts.first[i + 1]; ++p) {
      const Part& part = parts.all[p];
      const PerWatt held = signals.over(part.begin, part.end());
      of_job += capped ? slowing->signals().over(part.begin, part.end()) : held;
      out.devices += held * job.devices;
      if (capped)
        out.capped += slowing->signals_of_cap().over(part.begin, part.end()) * job.power.count();
      load.add(part, job.power, capped);
    }
    if (out.by_mix.size() <= job.power_mix) out.by_mix.resize(job.power_mix + 1);
    out.by_mix[job.power_mix] += of_job * job.power.count();
  }
  for (const PerWatt& sum : out.by_mix) out.jobs += sum;
  out.joules = load.joules();
  if (slowing != nullptr) out.capped_u = slowing->energy_u();
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
  const auto at = [&](WallTime time) {
    return StepSums::At{static_cast<std::size_t>((time - begin) / kHour),
                        seconds((time - begin) % kHour)};
  };
  StepSums held;
  for (std::size_t i = 0; i < jobs.size(); ++i)
    for (std::uint32_t p = parts.first[i]; p < parts.first[i + 1]; ++p)
      held.add(at(parts.all[p].begin), at(parts.all[p].end()), jobs[i].devices / seconds(kHour));
  return held.sums([&](std::size_t) { return seconds(kHour); });
}

}  // namespace joulery::simulate
