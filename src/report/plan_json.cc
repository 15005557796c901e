// report: plans as JSON, "joulery/plan/1" and "joulery/plan-all/1"; docs/formats/plan.md says every
// key.
#include "report/plan_json.h"

#include <ostream>

#include "base/text.h"
#include "joulery/plan.h"
#include "joulery/report.h"
#include "report/json_quantity.h"

namespace joulery {
namespace {

using Layout = JsonWriter::Layout;

void put_slots(JsonWriter& json, const std::vector<Slot>& slots) {
  json.key("slots");
  json.begin_array(Layout::kLines);
  for (const Slot& slot : slots) {
    json.begin_array();
    json.value(format_time(slot.begin));
    json.value(format_time(slot.end));
    json.end_array();
  }
  json.end_array();
}

void put_run_members(JsonWriter& json, const PlannedRun& run) {
  if (!run.place.empty()) json.member("place", run.place);
  json.member("start", format_time(run.slots.front().begin));
  json.member("end", format_time(run.slots.back().end));
  put_slots(json, run.slots);
  put_quantity(json, "it_energy", as_number(run.it_energy), "J");
  put_quantity(json, "site_energy", as_number(run.site_energy), "J");
  put_quantity(json, "carbon", as_number(run.carbon), "gCO2e");
  put_quantity(json, "cost", as_number(run.cost), run.currency);
  json.member("saving_pct", run.saving_pct);
  json.member("saving_u_pct", run.saving_u_pct);
}

void put_run(JsonWriter& json, const char* name, const PlannedRun& run) {
  if (name != nullptr) json.key(name);
  json.begin_object();
  put_run_members(json, run);
  json.end_object();
}

void put_levers(JsonWriter& json, const std::vector<PlanLever>& levers) {
  json.key("levers");
  json.begin_array(Layout::kLines);
  for (const PlanLever& lever : levers) {
    json.begin_object();
    json.member("lever", lever.name);
    json.member("cap_w", lever.cap.count());
    put_run_members(json, lever.run);
    json.end_object();
  }
  json.end_array();
}

void put_spread(JsonWriter& json, const ForecastSpread& spread) {
  json.key("forecast_spread");
  json.begin_object(Layout::kOneLine);
  json.member("draws", spread.draws);
  json.member("saving_mean_pct", spread.mean_pct);
  json.member("saving_5_pct", spread.low_pct);
  json.member("saving_95_pct", spread.high_pct);
  json.end_object();
}

void put_kind(JsonWriter& json, const std::string& kind) {
  json.member("intensity_kind", kind.empty() ? std::nullopt : std::optional(kind));
}

}  // namespace

void put_plan(JsonWriter& json, const Plan& plan) {
  json.member("objective", plan.objective);
  json.member("deadline",
              plan.deadline ? std::optional(format_time(*plan.deadline)) : std::nullopt);
  put_run(json, "now", plan.now);
  put_run(json, "planned", plan.planned);
  json.member("saving_pct", plan.planned.saving_pct);
  json.member("saving_u_pct", plan.planned.saving_u_pct);
  json.key("places");
  json.begin_array(Layout::kLines);
  for (const PlannedRun& run : plan.places) put_run(json, nullptr, run);
  json.end_array();
  if (!plan.levers.empty()) put_levers(json, plan.levers);
  if (plan.oracle) put_run(json, "oracle", *plan.oracle);
  if (plan.spread) put_spread(json, *plan.spread);
  put_kind(json, plan.intensity_kind);
  json.member("warnings", plan.warnings);
}

void write_plan_json(const Plan& plan, std::ostream& out) {
  JsonWriter json(out);
  json.begin_object();
  json.member("schema", "joulery/plan/1");
  put_plan(json, plan);
  json.end_object();
}

void write_all_starts_json(const AllStartsPlan& plan, std::ostream& out) {
  JsonWriter json(out);
  json.begin_object();
  json.member("schema", "joulery/plan-all/1");
  json.member("unit", plan.unit);
  json.key("starts");
  json.begin_array(Layout::kLines);
  for (const StartCost& start : plan.costs.starts) {
    json.begin_object(Layout::kOneLine);
    json.member("start", format_time(start.start));
    json.member("now", start.now);
    json.member("planned", start.planned);
    json.end_object();
  }
  json.end_array();
  json.member("mean_now", plan.costs.mean_now);
  json.member("mean_planned", plan.costs.mean_planned);
  json.member("saving_pct", plan.saving_pct);
  put_kind(json, plan.intensity_kind);
  json.member("warnings", plan.warnings);
  json.end_object();
}

}  // namespace joulery
