// account: aliasing of part-time sensors, see alias.h and docs/uncertainty.md.
#include "account/alias.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace joulery::account {
namespace {

constexpr double kSteady = 0.02;         // below this deviation / mean there is nothing to alias
constexpr double kPeriodic = 0.5;        // autocorrelation of a peak that counts as a period
constexpr double kLockShare = 0.03;      // within 3 % of a whole number of refreshes
constexpr double kLockRefreshes = 0.1;   // and never further than a tenth of a refresh
constexpr std::size_t kShortestLag = 2;  // a period of one refresh or less looks steady
constexpr std::size_t kLongestLag =
    20;  // beyond, an edge moved by a refresh is under 2 % of a cycle
constexpr std::size_t kLeastCycles = 8;

/// Correlation of the series with itself `lag` readings later.
double autocorrelation(const std::vector<double>& centred, std::size_t lag) {
  double product = 0;
  double square = 0;
  for (std::size_t i = 0; i + lag < centred.size(); ++i) {
    product += centred[i] * centred[i + lag];
    square += (centred[i] * centred[i] + centred[i + lag] * centred[i + lag]) / 2;
  }
  return square > 0 ? product / square : 0;
}

std::vector<double> centre(const std::vector<double>& series) {
  const double mean =
      std::accumulate(series.begin(), series.end(), 0.0) / static_cast<double>(series.size());
  std::vector<double> centred(series);
  for (double& value : centred) value -= mean;
  return centred;
}

/// The first lag whose correlation is high and no lower than its neighbours'.
std::size_t first_peak(const std::vector<double>& centred) {
  double before = autocorrelation(centred, kShortestLag - 1);
  double here = autocorrelation(centred, kShortestLag);
  for (std::size_t lag = kShortestLag; lag <= kLongestLag; ++lag) {
    const double after = autocorrelation(centred, lag + 1);
    if (here > kPeriodic && here > before && here >= after) return lag;
    before = here;
    here = after;
  }
  return 0;
}

/// The peak many cycles later says the period more finely than one refresh; follows it as far as it
/// stays a peak.
double refine(const std::vector<double>& centred, std::size_t lag) {
  double period = static_cast<double>(lag);
  for (std::size_t cycles = 2;; cycles *= 2) {
    const auto guess = static_cast<std::size_t>(std::llround(period * static_cast<double>(cycles)));
    if (guess + 2 > centred.size() / 2) return period;
    std::size_t best = guess;
    for (std::size_t at = guess - 1; at <= guess + 1; ++at) {
      if (autocorrelation(centred, at) > autocorrelation(centred, best)) best = at;
    }
    if (autocorrelation(centred, best) < kPeriodic) return period;
    period = static_cast<double>(best) / static_cast<double>(cycles);
  }
}

/// Share of a refresh that the sensor does not look at. A sensor of no averaging window is taken at
/// its duty's word, as long as it is read as often as it refreshes.
double blind_share(const ChannelScan& power, double refresh) {
  const Channel& channel = power.channel();
  const double window = channel.averaging.count();
  const double update = channel.update_period.count();
  const double kept = update > 0 ? update / refresh : 1;
  return 1 - std::min(window > 0 ? window / refresh : channel.duty * kept, 1.0);
}

}  // namespace

std::optional<Lock> find_lock(const std::vector<double>& series) {
  if (series.size() < kLeastCycles * kShortestLag) return std::nullopt;
  const std::vector<double> centred = centre(series);
  const std::size_t lag = first_peak(centred);
  if (lag == 0 || series.size() < kLeastCycles * lag) return std::nullopt;
  const double period = refine(centred, lag);
  const double drift = std::abs(period - std::round(period));
  if (drift > std::min(kLockShare * period, kLockRefreshes)) return std::nullopt;
  return Lock{.refreshes = std::round(period), .drift = drift};
}

Load describe_load(const ChannelScan& power, const Slots& slots) {
  const SlotSums run = power.range(slots.first, slots.last);
  const double seen = static_cast<double>(run.seen_us) * 1e-6;
  Load load;
  if (seen <= 0) return load;
  load.mean = run.joules / seen;
  const double variance = std::max(run.square / seen - load.mean * load.mean, 0.0);
  load.deviation = std::sqrt(variance);
  if (run.steps > 0 && variance > 0) {
    const double news = run.change_sq / (2 * static_cast<double>(run.steps) * variance);
    load.persistence = std::clamp(1 - news, 0.0, 1.0);
  }
  const bool steady = load.deviation < kSteady * load.mean;
  if (power.channel().duty < 1 && !steady) load.lock = find_lock(power.series());
  return load;
}

double noise_term(const ChannelScan& power, const SlotSums& window, const Load& load) {
  if (load.deviation >= kSteady * load.mean) return 0;
  const double refresh = std::max(power.channel().update_period.count(), power.spacing().count());
  return std::sqrt(window.change_sq / 2) * refresh;  // n readings change by twice n variances
}

double alias_term(const ChannelScan& power, const SlotSums& window, const Load& load) {
  if (load.deviation < kSteady * load.mean) return 0;
  const double refresh = std::max(power.channel().update_period.count(), power.spacing().count());
  const double blind = blind_share(power, refresh);
  // A step somewhere in the blind time: uniform, so 1/12 of its square. News at every refresh:
  // independent draws, of which the squared change is twice the variance, so 1/2.
  const double weight = load.persistence / 12 + (1 - load.persistence) / 2;
  const double loose = std::sqrt(weight * window.change_sq) * refresh * blind;
  if (!load.lock) return loose;
  // Locked: each edge of the load is off by the same time in every cycle, two edges a cycle, until
  // the phase drifts.
  const double cycles = static_cast<double>(window.steps) / load.lock->refreshes;
  const double phases = std::max(1.0, cycles * load.lock->drift);
  const double locked = window.change * refresh * blind / std::sqrt(24.0 * phases);
  return std::max(loose, locked);
}

}  // namespace joulery::account
