// policy: trials gathered by cap, see sweep_points.h.
#include "policy/sweep_points.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/mean.h"
#include "policy/objective.h"
#include "policy/points.h"

namespace joulery {
namespace {

bool is_usable(const SweepTrial& trial) { return !trial.failed && trial.equal_work; }

Result<Watts> check_trials(const SweepTrials& sweep) {
  if (sweep.devices < 1) return Error{ErrorCode::kInvalid, "a sweep without devices"};
  std::optional<Watts> found;
  for (const SweepTrial& trial : sweep.trials) {
    if (trial.baseline && !found) found = trial.cap;
    const bool measured = is_positive(trial.time.count()) &&
                          is_positive(trial.device_energy.count()) &&
                          is_positive(trial.node_energy.value_or(Joules(1)).count());
    if (!is_positive(trial.cap.count()) || (is_usable(trial) && !measured))
      return Error{
          ErrorCode::kInvalid,
          fmt::format("trial {}: cap {} W, time {} s, energy {} J: not all above 0", trial.run,
                      trial.cap.count(), trial.time.count(), trial.device_energy.count())};
  }
  if (!found) return Error{ErrorCode::kInvalid, "the sweep has no trial at the limit it found"};
  return *found;
}

/// One point a cap, by rising cap, and the baseline. Boards that were found apart may have a cap in
/// common that is the mean of what was found: it comes behind the baseline.
std::vector<CapPoint> points_of(const SweepTrials& sweep, Watts found) {
  std::vector<Watts> caps;
  for (const SweepTrial& trial : sweep.trials)
    if (!trial.baseline) caps.push_back(trial.cap);
  std::sort(caps.begin(), caps.end());
  caps.erase(std::unique(caps.begin(), caps.end()), caps.end());
  const auto baseline = std::lower_bound(caps.begin(), caps.end(), found) - caps.begin();
  std::vector<CapPoint> points(caps.size());
  for (std::size_t i = 0; i < caps.size(); ++i) points[i].cap = caps[i];
  points.insert(points.begin() + baseline, CapPoint{})->cap = found;
  points[static_cast<std::size_t>(baseline)].baseline = true;
  return points;
}

std::size_t find_point(const std::vector<CapPoint>& points, const SweepTrial& trial) {
  const auto at = std::find_if(points.begin(), points.end(), [&](const CapPoint& point) {
    return point.baseline == trial.baseline && (point.baseline || point.cap == trial.cap);
  });
  return static_cast<std::size_t>(at - points.begin());
}

bool has_node_energy(const SweepTrials& sweep) {
  return std::all_of(sweep.trials.begin(), sweep.trials.end(), [](const SweepTrial& trial) {
    return !is_usable(trial) || trial.node_energy.has_value();
  });
}

// Middles, where the stamps make sense; a caller without stamps gives the order.
void place_in_time(const SweepTrials& sweep, std::vector<UsableTrial>& usable) {
  const bool stamped = std::adjacent_find(sweep.trials.begin(), sweep.trials.end(),
                                          [](const SweepTrial& a, const SweepTrial& b) {
                                            return !(a.begin < b.begin);
                                          }) == sweep.trials.end();
  for (UsableTrial& one : usable) {
    const auto order = static_cast<double>(one.trial - sweep.trials.data());
    one.at = stamped ? (one.trial->begin + one.trial->time / 2).count() : order;
  }
  std::sort(usable.begin(), usable.end(), [](const UsableTrial& a, const UsableTrial& b) {
    return std::pair(a.at, a.trial) < std::pair(b.at, b.trial);
  });
}

void set_means(CapPoint& point, std::size_t index, const std::vector<UsableTrial>& usable) {
  OptionalMean throttle, temperature, clock;
  for (const UsableTrial& one : usable) {
    if (one.point != index) continue;
    ++point.trials;
    point.time += one.trial->time;
    point.energy += one.energy;
    point.device_energy += one.trial->device_energy;
    throttle.add(one.trial->throttle_share);
    temperature.add(one.trial->temperature_c);
    clock.add(one.trial->clock_mhz);
  }
  if (point.trials == 0) return;
  const double share = 1.0 / static_cast<double>(point.trials);
  point.time *= share;
  point.energy = point.energy * share;
  point.device_energy = point.device_energy * share;
  point.throttle_share = throttle.get();
  point.temperature_c = temperature.get();
  point.clock_mhz = clock.get();
}

}  // namespace

Result<SweepPoints> gather_points(const SweepTrials& sweep, const ChoiceRules& rules) {
  JOULERY_TRY(const Watts found, check_trials(sweep));
  SweepPoints out;
  CapChoice& choice = out.choice;
  choice.is_sweep = true;
  choice.objective = rules.objective;
  choice.points = points_of(sweep, found);
  choice.baseline =
      static_cast<std::size_t>(std::find_if(choice.points.begin(), choice.points.end(),
                                            [](const CapPoint& point) { return point.baseline; }) -
                               choice.points.begin());
  const bool base_power = rules.base_power > Watts(0);
  const bool node = !base_power && has_node_energy(sweep);
  choice.has_node = base_power || node;
  for (const SweepTrial& trial : sweep.trials) {
    const std::size_t index = find_point(choice.points, trial);
    CapPoint& point = choice.points[index];
    if (!trial.run.empty()) point.runs.push_back(trial.run);
    point.failed += trial.failed ? 1 : 0;
    point.unequal += !trial.failed && !trial.equal_work ? 1 : 0;
    if (!is_usable(trial)) continue;
    const Joules energy = node ? *trial.node_energy
                               : with_base(trial.device_energy, trial.time, sweep.devices, rules);
    out.usable.push_back({.trial = &trial, .point = index, .at = 0, .energy = energy});
  }
  place_in_time(sweep, out.usable);
  for (std::size_t i = 0; i < choice.points.size(); ++i) set_means(choice.points[i], i, out.usable);
  return out;
}

}  // namespace joulery
