// policy: changes with their intervals, see sweep_changes.h and docs/policies.md.
#include "policy/sweep_changes.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/mean.h"
#include "policy/objective.h"
#include "policy/student.h"

namespace joulery {
namespace {

// Of a board's gain between two workloads; 0.2 to 0.3 % were seen (Yang, Adamek, Armour, SC24,
// arXiv 2312.02741), more is a choice.
constexpr double kGainDrift = 0.005;
// A cap whose trials scatter more than those of all caps together has its own scatter. A choice:
// it is told from bad luck by a test of variances at 1 %.
constexpr double kOwnScatterLevel = 0.01;
constexpr double kTwoSided95 = 0.975;
constexpr double kOneSided95 = 0.95;
// Of the normal distribution, two-sided 95 %: what a reader multiplies a k = 1 uncertainty with.
constexpr double kNormal95 = 1.959964;

/// What is compared: a number of each trial, and how its measurement errs.
struct Series {
  std::function<double(const UsableTrial&)> value;
  std::function<double(const UsableTrial&)> relative_u;  ///< of one trial's sensors
  std::function<double(const CapPoint&)> energy_weight;  ///< of the measured energy in it
};

struct CapIndex {
  std::vector<std::optional<std::size_t>> of_point;  ///< among the caps that can be compared
  std::size_t count = 0;
};

CapIndex index_caps(const CapChoice& choice) {
  CapIndex index;
  for (const CapPoint& point : choice.points) {
    const bool compared = !point.baseline && point.trials > 0;
    index.of_point.push_back(compared ? std::optional(index.count++) : std::nullopt);
  }
  return index;
}

double mean_square_u(const Series& series, const std::vector<UsableTrial>& usable) {
  double sum = 0;
  for (const UsableTrial& one : usable) sum += std::pow(series.relative_u(one), 2);
  return sum / static_cast<double>(usable.size());
}

/// Adds to the scatter of the repeats what they cannot show, being the same in all of them. The
/// degrees of freedom by Welch and Satterthwaite (GUM, G.4.1).
LogChange with_common_terms(double effect, double variance, double dof, double common) {
  LogChange change{.effect = effect, .u = std::sqrt(variance + common), .dof = dof};
  if (variance > 0) change.dof *= std::pow((variance + common) / variance, 2);
  return change;
}

/// Whether a cap's trials scatter more than those of all others.
bool has_own_scatter(const DriftFit& fit, const DriftEffect& effect) {
  const double others_dof = fit.dof - effect.own_dof;
  if (!(effect.own_dof > 0) || !(others_dof > 0)) return false;
  const double others =
      (fit.variance * fit.dof - effect.own_variance * effect.own_dof) / others_dof;
  return effect.own_variance > others &&
         f_tail(effect.own_variance / others, effect.own_dof, others_dof) < kOwnScatterLevel;
}

LogChange change_of(const DriftFit& fit, const DriftEffect& effect, double floor, double common) {
  if (!(fit.dof > 0)) return {.effect = effect.effect};
  const bool own = has_own_scatter(fit, effect);
  const double scatter = std::max(own ? effect.own_variance : fit.variance, floor);
  return with_common_terms(effect.effect, scatter * effect.spread * effect.spread,
                           own ? effect.own_dof : fit.dof, common);
}

DriftFit fit_series(const SweepPoints& points, const CapIndex& caps, const Series& series) {
  std::vector<DriftTrial> trials;
  for (const UsableTrial& one : points.usable)
    trials.push_back({one.at, std::log(series.value(one)), caps.of_point[one.point]});
  return fit_drift(trials, caps.count);
}

/// By point: what the sensors of its trials leave open, the same in all of them.
std::vector<double> disagreements_of(const SweepPoints& points) {
  std::vector<OptionalMean> means(points.choice.points.size());
  for (const UsableTrial& one : points.usable) means[one.point].add(one.trial->disagreement);
  std::vector<double> out;
  for (const OptionalMean& mean : means) out.push_back(mean.get().value_or(0));
  return out;
}

/// Variance, logarithmic, of what repeats cannot show. An error that all trials share cancels, but
/// for the share of what it does not touch, and as far as it is the same at both caps.
double common_of(double weight, double base_weight, double gain_u, double disagreement_change) {
  return std::pow(weight * kGainDrift, 2) + std::pow((weight - base_weight) * gain_u, 2) +
         std::pow(weight * disagreement_change, 2);
}

std::vector<std::optional<LogChange>> changes_of(const SweepPoints& points, const CapIndex& caps,
                                                 const DriftFit& fit, const Series& series,
                                                 double gain_u) {
  const CapChoice& choice = points.choice;
  const double floor = mean_square_u(series, points.usable);
  const double base_weight = series.energy_weight(choice.points[choice.baseline]);
  const std::vector<double> disagreements = disagreements_of(points);
  std::vector<std::optional<LogChange>> changes;
  for (std::size_t i = 0; i < choice.points.size(); ++i) {
    const auto cap = caps.of_point[i];
    if (!cap) {
      changes.emplace_back();
      continue;
    }
    const double common = common_of(series.energy_weight(choice.points[i]), base_weight, gain_u,
                                    disagreements[i] - disagreements[choice.baseline]);
    changes.emplace_back(change_of(fit, fit.effects[*cap], floor, common));
  }
  return changes;
}

double time_u(const UsableTrial& one) { return one.trial->time_u / one.trial->time; }
double energy_u(const UsableTrial& one) {
  return one.trial->device_energy_u / one.trial->device_energy;
}

}  // namespace

std::optional<double> LogChange::below(double p) const {
  if (!u) return std::nullopt;
  return effect + student_quantile(p, dof) * *u;
}

Change as_change(const LogChange& change) {
  Change out{.pct = 100 * std::expm1(change.effect), .u_pct = {}, .upper_pct = {}};
  if (!change.u) return out;
  const double enlarged = *change.u * student_quantile(kTwoSided95, change.dof) / kNormal95;
  out.u_pct = 100 * std::exp(change.effect) * enlarged;
  out.upper_pct = 100 * std::expm1(*change.below(kOneSided95));
  return out;
}

SweepChanges find_changes(const SweepPoints& points, const SweepTrials& sweep,
                          const ChoiceRules& rules) {
  const int devices = sweep.devices;
  const Series time{[](const UsableTrial& one) { return one.trial->time.count(); }, time_u,
                    [](const CapPoint&) { return 0.0; }};
  const Series energy{[](const UsableTrial& one) { return one.energy.count(); }, energy_u,
                      [](const CapPoint& point) { return point.device_energy / point.energy; }};
  const Series device{[](const UsableTrial& one) { return one.trial->device_energy.count(); },
                      energy_u, [](const CapPoint&) { return 1.0; }};
  const Series objective{
      [&](const UsableTrial& one) {
        return objective_of(one.trial->time, one.energy, devices, rules);
      },
      [](const UsableTrial& one) { return std::hypot(time_u(one), energy_u(one)); },
      [&](const CapPoint& point) {
        return energy_weight(point.time, point.energy, point.device_energy, devices, rules);
      }};

  const CapIndex caps = index_caps(points.choice);
  const auto find = [&](const Series& series) {
    return changes_of(points, caps, fit_series(points, caps, series), series, sweep.gain_u);
  };
  return {find(time), find(energy), find(device), find(objective)};
}

}  // namespace joulery
