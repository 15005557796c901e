// report: the keys of a choice among power caps; docs/formats/sweep.md.
#include "report/choice_json.h"

namespace joulery {
namespace {

using Layout = JsonWriter::Layout;

const char* name_of(Objective objective) {
  switch (objective) {
    case Objective::kEdp:
      return "edp";
    case Objective::kCost:
      return "cost";
    case Objective::kEnergy:
      break;
  }
  return "energy";
}

void put_change(JsonWriter& json, const std::string& what, const std::optional<Change>& change,
                ChoiceOf of) {
  json.member(what + "_change_pct", change ? std::optional(change->pct) : std::nullopt);
  if (of == ChoiceOf::kSweep)
    json.member(what + "_change_u_pct", change ? change->u_pct : std::nullopt);
}

void put_changes(JsonWriter& json, const CapPoint& point, ChoiceOf of) {
  put_change(json, "time", point.time_change, of);
  put_change(json, "energy", point.energy_change, of);
}

void put_baseline(JsonWriter& json, const CapChoice& choice) {
  const CapPoint& point = choice.points[choice.baseline];
  json.key("baseline");
  json.begin_object(Layout::kOneLine);
  json.member("cap_w", point.cap.count());
  json.member("time_s", point.time.count());
  json.member("energy_j", point.energy.count());
  json.end_object();
}

void put_recommended(JsonWriter& json, const CapChoice& choice, ChoiceOf of) {
  json.key("recommended");
  if (!choice.recommended) return json.null();
  const CapPoint& point = choice.points[*choice.recommended];
  json.begin_object(Layout::kOneLine);
  json.member("cap_w", point.cap.count());
  put_changes(json, point, of);
  json.end_object();
}

void put_seen(JsonWriter& json, const CapPoint& point) {
  constexpr double kPercent = 100;
  put_change(json, "device_energy", point.device_energy_change, ChoiceOf::kSweep);
  json.member("device_energy_j", point.device_energy.count());
  json.member("throttled_pct", point.throttle_share
                                   ? std::optional(kPercent * *point.throttle_share)
                                   : std::nullopt);
  json.member("temperature_c", point.temperature_c);
  json.member("clock_mhz", point.clock_mhz);
  json.member("obeyed", point.obeyed);
  json.member("inert", point.inert);
  json.member("equal_work", !point.unequal);
  json.member("trials", static_cast<std::uint64_t>(point.trials));
  json.member("failed", static_cast<std::uint64_t>(point.failed));
  json.member("runs", point.runs);
}

void put_point(JsonWriter& json, const CapPoint& point, ChoiceOf of) {
  const bool is_known = point.time_change || point.baseline;
  json.begin_object(Layout::kOneLine);
  json.member("cap_w", point.cap.count());
  json.member("time_s", is_known ? std::optional(point.time.count()) : std::nullopt);
  json.member("energy_j", is_known ? std::optional(point.energy.count()) : std::nullopt);
  put_changes(json, point, of);
  json.member("on_frontier", point.on_frontier);
  json.member("binding", point.binding);
  if (of == ChoiceOf::kSweep) put_seen(json, point);
  json.end_object();
}

}  // namespace

void put_rules(JsonWriter& json, const ChoiceRules& rules) {
  constexpr double kPercent = 100;
  json.member("objective", name_of(rules.objective));
  json.member("max_slowdown_pct",
              rules.max_slowdown ? std::optional(kPercent * *rules.max_slowdown) : std::nullopt);
  json.member("base_power_w", rules.base_power.count());
}

void put_choice(JsonWriter& json, const std::vector<std::pair<std::string, std::string>>& key,
                const CapChoice& choice, ChoiceOf of) {
  json.key("key");
  json.begin_object(Layout::kOneLine);
  for (const auto& [name, value] : key) json.member(name, value);
  json.end_object();
  put_baseline(json, choice);
  put_recommended(json, choice, of);
  json.key("points");
  json.begin_array(Layout::kLines);
  for (const CapPoint& point : choice.points) put_point(json, point, of);
  json.end_array();
  json.member("cap_inert", choice.cap_inert);
}

}  // namespace joulery
