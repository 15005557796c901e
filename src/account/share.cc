// account: shares by CPU time, see share.h.
#include "account/share.h"

#include <algorithm>
#include <cmath>

namespace joulery::account {
namespace {

// Equal CPU time can hide two to three times the power (Kepler, power attribution guide): the job's
// second may cost half or twice another's.
constexpr double kPowerRatio = 2;

double skewed(double share, double ratio) { return share * ratio / (share * ratio + 1 - share); }

}  // namespace

std::optional<Estimate<Joules>> share_by_cpu_time(const ComponentAccount& component,
                                                  const Job& job) {
  const bool shared =
      component.kind == ComponentKind::kCpu || component.kind == ComponentKind::kDram;
  if (!shared || !component.energy || !job.cpu_use || job.cpu_use->busy.count() <= 0)
    return std::nullopt;
  const double share = std::clamp(job.cpu_use->job / job.cpu_use->busy, 0.0, 1.0);
  const double energy = component.energy.value->count();
  const double spread = skewed(share, kPowerRatio) - skewed(share, 1 / kPowerRatio);
  const double by_share = std::abs(energy) * spread / std::sqrt(12.0);
  const double by_energy = component.energy.u.count() * share;
  Estimate<Joules> estimate = component.energy;
  estimate.value = Joules(energy * share);
  estimate.u = Joules(std::hypot(by_share, by_energy));
  estimate.evidence = std::max(component.energy.evidence, Evidence::kModelled);
  if (by_share > by_energy) estimate.top = "share by CPU time";
  return estimate;
}

}  // namespace joulery::account
