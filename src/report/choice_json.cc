// report: a choice among power caps as JSON; keys in docs/formats/recommend.md.
#include <cmath>

#include "report/choice.h"

namespace joulery {
namespace {

void put_change(JsonWriter& json, const std::string& what, const std::optional<Change>& change,
                bool bounds) {
  json.key(what + "_pct");
  change ? json.value(change->pct) : json.null();
  if (!change || !change->u_pct) return;
  json.member(what + "_u_pct", *change->u_pct);
  if (bounds) json.member(what + "_upper_pct", change->upper_pct);
}

/// A time and an energy, absent where no trial gave one.
void put_means(JsonWriter& json, const CapPoint& point, bool has_node) {
  const bool seen = point.trials > 0;
  const auto put = [&](const char* name, double value) {
    json.key(name);
    seen ? json.value(value) : json.null();
  };
  json.member("cap_w", point.cap.count());
  put("time_s", point.time.count());
  put("energy_j", point.energy.count());
  if (has_node) put("device_energy_j", point.device_energy.count());
}

void put_changes(JsonWriter& json, const CapPoint& point, const CapChoice& choice, bool bounds) {
  put_change(json, "time_change", point.time_change, bounds);
  put_change(json, "energy_change", point.energy_change, bounds);
  if (choice.has_node) put_change(json, "device_energy_change", point.device_energy_change, bounds);
  if (choice.objective != Objective::kEnergy)
    put_change(json, "objective_change", point.objective_change, bounds);
}

void put_sweep_members(JsonWriter& json, const CapPoint& point) {
  json.member("trials", static_cast<std::uint64_t>(point.trials));
  json.member("failed", static_cast<std::uint64_t>(point.failed));
  json.member("equal_work", point.unequal == 0);
  json.member("inert", point.inert);
  json.key("throttled_pct");
  point.throttle_share ? json.value(100 * *point.throttle_share) : json.null();
  json.member("temperature_c", point.temperature_c);
  json.member("clock_mhz", point.clock_mhz);
  json.member("runs", point.runs);
}

void put_point(JsonWriter& json, const CapPoint& point, const CapChoice& choice) {
  json.begin_object(JsonWriter::Layout::kOneLine);
  put_means(json, point, choice.has_node);
  put_changes(json, point, choice, true);
  json.member("on_frontier", point.on_frontier);
  json.key("binding");
  choice.relative ? json.null() : json.value(point.binding);
  if (!choice.relative) json.member("obeyed", point.obeyed);
  if (choice.is_sweep) put_sweep_members(json, point);
  json.end_object();
}

}  // namespace

const char* objective_name(Objective objective) {
  switch (objective) {
    case Objective::kEnergy:
      return "energy";
    case Objective::kEdp:
      return "edp";
    case Objective::kCost:
      return "cost";
  }
  return "energy";
}

void put_rules(JsonWriter& json, const ChoiceRules& rules) {
  json.member("objective", objective_name(rules.objective));
  json.key("max_slowdown_pct");
  // To the digits that a user may have typed: 0.07 is 7, not 7.000000000000001.
  constexpr double kDigits = 1e9;
  rules.max_slowdown ? json.value(std::round(100 * kDigits * *rules.max_slowdown) / kDigits)
                     : json.null();
}

void put_choice(JsonWriter& json, const CapChoice& choice) {
  json.key("baseline");
  json.begin_object(JsonWriter::Layout::kOneLine);
  put_means(json, choice.points[choice.baseline], choice.has_node);
  json.end_object();
  json.key("recommended");
  if (choice.recommended) {
    const CapPoint& best = choice.points[*choice.recommended];
    json.begin_object(JsonWriter::Layout::kOneLine);
    json.member("cap_w", best.cap.count());
    put_changes(json, best, choice, true);
    json.end_object();
  } else {
    json.null();
  }
  json.key("points");
  json.begin_array(JsonWriter::Layout::kLines);
  for (const CapPoint& point : choice.points) put_point(json, point, choice);
  json.end_array();
  json.member("cap_inert", choice.cap_inert);
  json.member("notes", choice.notes);
}

}  // namespace joulery
