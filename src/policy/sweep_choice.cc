// policy: the choice from a sweep that breaks its promises in at most 5 % of sweeps; see
// docs/policies.md.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/mean.h"
#include "policy/objective.h"
#include "policy/points.h"
#include "policy/sweep_changes.h"

namespace joulery {
namespace {

constexpr double kConfidence = 0.95;
// Twice the drift that a board's gain may have between two caps (sweep_changes.cc): a smaller
// advantage does not pay for a slower job. A choice.
constexpr double kTie = 0.01;
// A cap that moves power and throttling by less has not bound. A choice: what is seen on boards
// whose draw lies below every cap is 0.3 % (median of 76 recorded sweeps of the Zeus traces,
// NSDI 2023).
constexpr double kMoved = 0.01;

// Relative, of one trial's energy: above it the sensors rather than the caps decide. A choice: the
// gain of a board, which all trials share, is known no better (docs/uncertainty.md).
constexpr double kShortRun = 0.05;

// More are not proposed: a choice.
constexpr double kMostRepeats = 30;

void set_changes(CapChoice& choice, const SweepChanges& changes) {
  for (std::size_t i = 0; i < choice.points.size(); ++i) {
    CapPoint& point = choice.points[i];
    const Change none{.pct = 0, .u_pct = 0.0, .upper_pct = 0.0};
    const auto fill = [&](std::optional<Change>& out, const std::optional<LogChange>& change) {
      if (change) out = as_change(*change);
      if (point.baseline) out = none;
    };
    fill(point.time_change, changes.time[i]);
    fill(point.energy_change, changes.energy[i]);
    fill(point.device_energy_change, changes.device_energy[i]);
    fill(point.objective_change, changes.objective[i]);
  }
}

void set_inert(CapChoice& choice, const SweepChanges& changes) {
  const auto base_throttle = choice.points[choice.baseline].throttle_share;
  for (std::size_t i = 0; i < choice.points.size(); ++i) {
    if (!changes.time[i]) continue;
    CapPoint& point = choice.points[i];
    const double power = changes.device_energy[i]->effect - changes.time[i]->effect;
    const bool throttled =
        point.throttle_share && base_throttle && *point.throttle_share - *base_throttle >= kMoved;
    point.inert = std::abs(power) < kMoved && !throttled;
    if (point.inert)
      choice.notes.push_back(fmt::format("{}: never bound: neither power nor throttling moved",
                                         watts_text(point.cap)));
  }
}

std::string percent_of(double log_change) {
  return fmt::format("{:+.1f} %", 100 * std::expm1(log_change));
}

/// The caps that may be recommended, one test after the other; each that drops out is told of.
class Certifier {
 public:
  Certifier(CapChoice& choice, const SweepChanges& changes, const ChoiceRules& rules)
      : choice_(choice), changes_(changes), rules_(rules) {}

  std::vector<std::size_t> certified() {
    std::vector<std::size_t> caps = within_bound();
    std::erase_if(caps, [this](std::size_t i) { return !saves(i); });
    return caps;
  }

 private:
  // From the highest cap down, up to the first that may break the bound. That order was fixed
  // before anything was measured, so each test may have the whole 5 %, and the chance that any cap
  // beyond the bound passes is at most 5 % (fixed-sequence test: Maurer, Hothorn, Lehmacher 1995;
  // Westfall, Krishen 2001).
  std::vector<std::size_t> within_bound() {
    std::vector<std::size_t> passed;
    for (std::size_t i = choice_.points.size(); i-- > 0;) {
      if (!changes_.time[i]) continue;
      const auto most = changes_.time[i]->below(kConfidence);
      if (!most) continue;
      if (rules_.max_slowdown && *most > std::log1p(*rules_.max_slowdown)) {
        note_beyond(i, *most);
        break;
      }
      passed.push_back(i);
    }
    return passed;
  }

  void note_beyond(std::size_t i, double most) {
    const double room = std::log1p(*rules_.max_slowdown) - changes_.time[i]->effect;
    std::string note = fmt::format(
        "{}: its slowdown may be {} (95 %), more than the bound of {:.4g} %; lower caps were not "
        "asked",
        watts_text(choice_.points[i].cap), percent_of(most), 100 * *rules_.max_slowdown);
    // The half-width falls with the root of the repeats.
    const double times = std::pow((most - changes_.time[i]->effect) / room, 2);
    const double repeats = std::ceil(times * static_cast<double>(choice_.points[i].trials));
    if (room > 0 && repeats <= kMostRepeats)
      note += fmt::format("; {:.0f} repeats would tell", repeats);
    choice_.notes.push_back(std::move(note));
  }

  // The best of m caps that save nothing would look like a saving m times as often as one of them:
  // each is tested at 5 % / m (Bonferroni; Dunn 1961).
  bool saves(std::size_t i) {
    const auto m = std::count_if(changes_.time.begin(), changes_.time.end(),
                                 [](const auto& change) { return change.has_value(); });
    const auto most = changes_.objective[i]->below(1 - (1 - kConfidence) / static_cast<double>(m));
    return most && *most < 0 && !choice_.points[i].inert && choice_.points[i].unequal == 0;
  }

  CapChoice& choice_;
  const SweepChanges& changes_;
  const ChoiceRules& rules_;
};

/// The least objective; among those within kTie of it, the fastest.
std::size_t best_of(const std::vector<std::size_t>& caps, const SweepChanges& changes) {
  const auto objective = [&](std::size_t i) { return changes.objective[i]->effect; };
  const std::size_t least =
      *std::min_element(caps.begin(), caps.end(),
                        [&](std::size_t a, std::size_t b) { return objective(a) < objective(b); });
  std::size_t best = least;
  for (const std::size_t i : caps)
    if (objective(i) <= objective(least) + kTie &&
        changes.time[i]->effect < changes.time[best]->effect)
      best = i;
  return best;
}

void note_points(CapChoice& choice) {
  for (const CapPoint& point : choice.points) {
    const std::string cap = watts_text(point.cap);
    if (point.failed > 0)
      choice.notes.push_back(fmt::format("{}: {} of its trials failed", cap, point.failed));
    if (point.unequal > 0)
      choice.notes.push_back(fmt::format(
          "{}: {} of its {} trials did other work and {} left out{}", cap, point.unequal,
          point.trials + point.failed + point.unequal, point.unequal == 1 ? "is" : "are",
          point.baseline ? "" : "; the cap is not recommended"));
  }
}

void note_no_harm(CapChoice& choice, const SweepChanges& changes) {
  const std::string found = watts_text(choice.points[choice.baseline].cap);
  const bool compared = std::any_of(changes.time.begin(), changes.time.end(),
                                    [](const auto& change) { return change.has_value(); });
  const bool repeated = std::any_of(changes.time.begin(), changes.time.end(),
                                    [](const auto& change) { return change && change->u; });
  std::string why = "no cap that was allowed saves beyond doubt (95 %)";
  if (!repeated) why = "without repeats nothing tells a change from scatter";
  if (!compared) why = "no trial at another cap can be compared";
  choice.notes.push_back(fmt::format("keep the limit that was found, {}: {}", found, why));
}

/// By point: relative, of the power of one trial. Trials of one length begin and end alike within
/// the steps of a sensor, so that their mean is told no better.
std::vector<double> draw_u_of(const SweepPoints& points) {
  std::vector<OptionalMean> means(points.choice.points.size());
  for (const auto& [trial, point, at, energy] : points.usable)
    means[point].add(
        std::hypot(trial->time_u / trial->time, trial->device_energy_u / trial->device_energy));
  std::vector<double> out;
  for (const OptionalMean& mean : means) out.push_back(mean.get().value_or(0));
  return out;
}

/// Says where the sensors decide what can be told.
void note_sensors(SweepPoints& points, const std::vector<double>& draw_u) {
  CapChoice& choice = points.choice;
  const auto worst = std::max_element(draw_u.begin(), draw_u.end());
  const CapPoint& point = choice.points[static_cast<std::size_t>(worst - draw_u.begin())];
  if (*worst > kShortRun)
    choice.notes.push_back(fmt::format(
        "{}: runs of {:.2g} s are short for these sensors, which tell the energy of one to {:.0f} "
        "% (k = 1): longer runs tell more",
        watts_text(point.cap), point.time.count(), 100 * *worst));
  double disagreement = 0;
  for (const UsableTrial& one : points.usable)
    disagreement = std::max(disagreement, std::abs(one.trial->disagreement));
  if (disagreement > 0)
    choice.notes.push_back(fmt::format(
        "two sensors of a device contradict each other, which leaves up to {:.0f} % (k = 1) of an "
        "energy open: taken to be the same error in all trials, it falls out of the changes as far "
        "as it does not change with the cap",
        100 * disagreement));
}

// Of the bound: what a slowdown must be known to. A choice: a third loses 25 % of what a bound of
// 5 % allows to caution, a quarter 19 %, for a third more runs (docs/policies.md).
constexpr double kKnownTo = 1.0 / 4;

}  // namespace

Result<int> find_repeats(const SweepTrials& sweep, const ChoiceRules& rules, int most) {
  JOULERY_CHECK(check_rules(rules));
  JOULERY_TRY(const SweepPoints points, gather_points(sweep, rules));
  if (points.choice.points[points.choice.baseline].trials == 0) return most;
  const SweepChanges changes = find_changes(points, sweep, rules);
  double needed = 2;  // with fewer there is no scatter to look at
  for (std::size_t i = 0; i < changes.time.size(); ++i) {
    if (!changes.time[i]) continue;
    const auto ran = static_cast<double>(points.choice.points[i].trials);
    needed = std::max(needed, ran);
    if (!changes.time[i]->u || !(rules.max_slowdown > 0.0)) continue;
    // The half-width falls with the root of the repeats.
    const double half_width = *changes.time[i]->below(kConfidence) - changes.time[i]->effect;
    const double target = kKnownTo * std::log1p(*rules.max_slowdown);
    needed = std::max(needed, ran * std::pow(half_width / target, 2));
  }
  return static_cast<int>(std::min<double>(std::ceil(needed), most));
}

Result<CapChoice> choose_from_sweep(const SweepTrials& sweep, const ChoiceRules& rules) {
  JOULERY_CHECK(check_rules(rules));
  JOULERY_TRY(SweepPoints points, gather_points(sweep, rules));
  CapChoice& choice = points.choice;
  note_points(choice);
  if (choice.points[choice.baseline].trials == 0) {
    choice.notes.emplace_back("no trial at the limit that was found can be compared");
    return choice;
  }
  const SweepChanges changes = find_changes(points, sweep, rules);
  set_changes(choice, changes);
  mark_sweep_frontier(choice.points);
  set_inert(choice, changes);
  const std::vector<double> draw_u = draw_u_of(points);
  note_sensors(points, draw_u);
  compare_with_caps(choice, sweep.devices, draw_u);

  const auto certified = Certifier(choice, changes, rules).certified();
  choice.recommended = certified.empty() ? choice.baseline : best_of(certified, changes);
  if (certified.empty()) note_no_harm(choice, changes);
  return choice;
}

}  // namespace joulery
