// policy: the exact optimum of a table of caps, see joulery/policy.h.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "policy/objective.h"
#include "policy/points.h"

namespace joulery {
namespace {

Result<void> check_group(const CapGroup& group) {
  if (group.rows.empty()) return Error{ErrorCode::kInvalid, "a group without rows"};
  if (group.devices < 1) return Error{ErrorCode::kInvalid, "a group without devices"};
  for (const CapRow& row : group.rows)
    if (!is_positive(row.cap.count()) || !is_positive(row.time.count()) ||
        !is_positive(row.energy.count()))
      return Error{ErrorCode::kInvalid,
                   fmt::format("cap {} W, time {} s, energy {} J: not all above 0", row.cap.count(),
                               row.time.count(), row.energy.count())};
  const auto is_baseline = [&](const CapRow& row) { return row.cap == *group.baseline; };
  if (group.baseline && std::none_of(group.rows.begin(), group.rows.end(), is_baseline))
    return Error{ErrorCode::kInvalid,
                 fmt::format("no row of the baseline, {}", watts_text(*group.baseline))};
  return {};
}

bool has_node_energies(const CapGroup& group) {
  return std::all_of(group.rows.begin(), group.rows.end(),
                     [](const CapRow& row) { return row.node_energy.has_value(); });
}

/// What a table without watts, or with the node's, leaves no room for.
Result<void> check_rules_of(const CapGroup& group, const ChoiceRules& rules) {
  if (rules.base_power > Watts(0) && has_node_energies(group))
    return Error{ErrorCode::kUsage, "--base-power: the energies are those of the node already"};
  if (group.relative && (rules.base_power > Watts(0) || rules.objective == Objective::kCost))
    return Error{ErrorCode::kUsage,
                 "times and energies in units of the baseline's: no cost, no --base-power"};
  return {};
}

CapPoint point_of(const CapRow& row, int devices, const ChoiceRules& rules) {
  CapPoint point;
  point.cap = row.cap;
  point.time = row.time;
  point.device_energy = row.energy;
  point.energy = row.node_energy.value_or(with_base(row.energy, row.time, devices, rules));
  point.trials = row.rows;
  return point;
}

Change change(double value, double baseline) { return {.pct = 100 * (value / baseline - 1)}; }

void set_changes(CapChoice& choice, const std::vector<double>& objectives) {
  const CapPoint base = choice.points[choice.baseline];
  for (std::size_t i = 0; i < choice.points.size(); ++i) {
    CapPoint& point = choice.points[i];
    point.time_change = change(point.time.count(), base.time.count());
    point.energy_change = change(point.energy.count(), base.energy.count());
    point.device_energy_change = change(point.device_energy.count(), base.device_energy.count());
    point.objective_change = change(objectives[i], objectives[choice.baseline]);
  }
}

/// Equal objectives go to the faster, and equal times to the higher cap.
bool is_better(const CapPoint& a, double objective_a, const CapPoint& b, double objective_b) {
  if (std::abs(objective_a - objective_b) > kRounding * std::abs(objective_b))
    return objective_a < objective_b;
  return a.time != b.time ? a.time < b.time : a.cap > b.cap;
}

std::size_t find_optimum(const CapChoice& choice, const std::vector<double>& objectives,
                         const ChoiceRules& rules) {
  const auto& points = choice.points;
  const Seconds most =
      points[choice.baseline].time * ((1 + rules.max_slowdown.value_or(0)) * (1 + kRounding));
  std::size_t best = choice.baseline;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (rules.max_slowdown && points[i].time > most) continue;
    if (is_better(points[i], objectives[i], points[best], objectives[best])) best = i;
  }
  return best;
}

}  // namespace

const CapRow& baseline_of(const CapGroup& group) {
  return *std::max_element(group.rows.begin(), group.rows.end(),
                           [&](const CapRow& a, const CapRow& b) {
                             if (!group.baseline) return a.cap < b.cap;
                             return a.cap != *group.baseline && b.cap == *group.baseline;
                           });
}

Result<CapChoice> choose_cap(const CapGroup& group, const ChoiceRules& rules) {
  JOULERY_CHECK(check_rules(rules));
  JOULERY_CHECK(check_group(group));
  JOULERY_CHECK(check_rules_of(group, rules));
  CapChoice choice;
  for (const CapRow& row : group.rows) choice.points.push_back(point_of(row, group.devices, rules));
  std::sort(choice.points.begin(), choice.points.end(),
            [](const CapPoint& a, const CapPoint& b) { return a.cap < b.cap; });
  const Watts baseline = baseline_of(group).cap;
  while (choice.points[choice.baseline].cap < baseline) ++choice.baseline;
  choice.points[choice.baseline].baseline = true;
  choice.has_node = rules.base_power > Watts(0) || has_node_energies(group);
  choice.objective = rules.objective;
  choice.notes = group.notes;

  std::vector<double> objectives;
  for (const CapPoint& point : choice.points)
    objectives.push_back(objective_of(point.time, point.energy, group.devices, rules));
  set_changes(choice, objectives);
  mark_frontier(choice.points);
  choice.relative = group.relative;
  if (!group.relative) compare_with_caps(choice, group.devices, {});
  choice.recommended = find_optimum(choice, objectives, rules);
  if (choice.points.size() == 1) choice.notes.emplace_back("one cap alone: nothing to choose from");
  return choice;
}

}  // namespace joulery
