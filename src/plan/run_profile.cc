// plan: the power of a measured run over time, as the load of a job, see joulery/plan.h.
#include <algorithm>
#include <cmath>

#include "joulery/plan.h"
#include "trace/power_series.h"

namespace joulery {
namespace {

constexpr double kMostPowerSteps = 48;  // a choice: half-hours of a day

/// Mean over the steps that were seen; 0 where none was.
double mean_of(const std::vector<double>& watts) {
  double sum = 0;
  double count = 0;
  for (const double power : watts) {
    if (!std::isfinite(power)) continue;
    sum += power;
    ++count;
  }
  return count > 0 ? sum / count : 0;
}

}  // namespace

Result<std::vector<LoadStep>> load_profile_of(const Trace& trace, Seconds length) {
  const Seconds measured = trace.info().end - trace.info().begin;
  const Seconds step = std::max(power_step(trace), measured / kMostPowerSteps);
  JOULERY_TRY(const PowerSeries series, make_power_series(trace, step));
  const std::vector<double>& watts = series.total.watts;
  const double mean = mean_of(watts);
  if (mean <= 0)
    return Error{ErrorCode::kUnavailable, "--from: no power of that run is known over time"};
  std::vector<LoadStep> steps;
  double sum = 0;
  for (std::size_t i = 0; i < watts.size(); ++i) {
    const Seconds end = std::min(measured, static_cast<double>(i + 1) * step);
    const Seconds part = end - static_cast<double>(i) * step;
    if (part <= Seconds(0)) break;
    const double share = std::isfinite(watts[i]) ? watts[i] / mean : 1;
    steps.push_back({part / measured * length, share});
    sum += share * (part / measured);
  }
  for (LoadStep& one : steps) one.share /= sum;
  return steps;
}

}  // namespace joulery
