// report: a statement as JSON, "joulery/statement/1"; docs/formats/statement.md says every key.
#include <ostream>

#include "base/text.h"
#include "joulery/report.h"
#include "report/json_quantity.h"
#include "report/place_json.h"

namespace joulery {
namespace {

using Layout = JsonWriter::Layout;

void put_runs(JsonWriter& json, const Statement& statement) {
  json.key("runs");
  json.begin_object(Layout::kOneLine);
  json.member("count", std::uint64_t{statement.runs});
  json.member("failed", std::uint64_t{statement.failed});
  json.member("unfinished", std::uint64_t{statement.unfinished});
  json.member("without_energy", std::uint64_t{statement.without_energy});
  put_quantity(json, "lost_energy", as_number(statement.lost_energy), "J");
  json.member("ids", statement.ids);
  json.member("left_out", statement.left_out);
  json.end_object();
}

void put_hardware(JsonWriter& json, const std::vector<StatedHardware>& hardware) {
  json.key("hardware");
  json.begin_array(Layout::kLines);
  for (const StatedHardware& device : hardware) {
    json.begin_object(Layout::kOneLine);
    json.member("kind", name_of(device.kind));
    json.member("model", device.model);
    json.member("count", std::uint64_t{device.count});
    json.member("device_hours", device.device_time.count() / 3600);
    json.end_object();
  }
  json.end_array();
}

void put_mix(JsonWriter& json, const std::vector<EnergyShare>& mix) {
  json.key("energy_source");
  if (mix.empty()) {
    json.null();
    return;
  }
  json.begin_array();
  for (const EnergyShare& share : mix) {
    json.begin_object(Layout::kOneLine);
    json.member("energy", share.energy);
    json.member("share_pct", 100 * share.share);
    json.end_object();
  }
  json.end_array();
}

void put_places(JsonWriter& json, const std::vector<StatedPlace>& places) {
  json.key("places");
  json.begin_array(Layout::kLines);
  for (const StatedPlace& place : places) {
    json.begin_object();
    json.member("name", place.name);
    json.member("same_as", place.same_as.empty() ? std::nullopt : std::optional(place.same_as));
    json.member("hosts", place.hosts);
    json.member("runs", std::uint64_t{place.runs});
    put_quantity(json, "it_energy", as_number(place.it_energy), "J");
    put_pue(json, place.pue);
    put_quantity(json, "site_energy", as_number(place.site_energy), "J");
    put_intensity(json, place.intensity);
    json.member("basis", place.intensity.basis.empty() ? std::nullopt
                                                       : std::optional(place.intensity.basis));
    put_quantity(json, "carbon", as_number(place.carbon), "gCO2e");
    put_mix(json, place.mix);
    json.end_object();
  }
  json.end_array();
}

void put_methods(JsonWriter& json, const std::vector<StatedMethod>& methods) {
  json.key("methods");
  json.begin_array(Layout::kLines);
  for (const StatedMethod& method : methods) {
    json.begin_object(Layout::kOneLine);
    json.member("class", name_of(method.evidence));
    json.member("kinds", method.kinds);
    json.member("sources", method.sources);
    json.member("energy_j", method.energy.count());
    json.end_object();
  }
  json.end_array();
}

void put_energy(JsonWriter& json, const Statement& statement) {
  json.key("it_energy");
  json.begin_object(Layout::kOneLine);
  put_quantity_members(json, as_number(statement.it_energy), "J");
  json.member("includes", statement.includes);
  json.member("excludes", statement.excludes);
  json.member("lower_bound", statement.lower_bound);
  json.end_object();
  put_quantity(json, "site_energy", as_number(statement.site_energy), "J");
}

void put_carbon(JsonWriter& json, const Statement& statement) {
  put_quantity(json, "carbon", as_number(statement.carbon), "gCO2e");
  put_quantity(json, "carbon_location", as_number(statement.carbon_location), "gCO2e");
  put_quantity(json, "carbon_market", as_number(statement.carbon_market), "gCO2e");
  if (statement.market.estimate) put_intensity(json, statement.market, "market_intensity");
  json.key("carbon_by_kind");
  json.begin_array(Layout::kLines);
  for (const StatedCarbon& part : statement.carbon_by_kind) {
    json.begin_object(Layout::kOneLine);
    json.member("kind", part.kind);
    json.member("basis", part.basis.empty() ? std::nullopt : std::optional(part.basis));
    put_quantity(json, "carbon", as_number(part.carbon), "gCO2e");
    json.end_object();
  }
  json.end_array();
}

void put_costs(JsonWriter& json, const std::vector<StatedCost>& costs) {
  json.key("electricity_costs");
  json.begin_array(Layout::kLines);
  for (const StatedCost& cost : costs) {
    json.begin_object(Layout::kOneLine);
    put_quantity_members(json, as_number(cost.electricity), cost.currency);
    json.member("runs", std::uint64_t{cost.runs});
    json.end_object();
  }
  json.end_array();
}

void put_rents(JsonWriter& json, const std::vector<StatedRent>& rents) {
  json.key("cloud_costs");
  json.begin_array(Layout::kLines);
  for (const StatedRent& rent : rents) {
    json.begin_object(Layout::kOneLine);
    put_quantity(json, "low", as_number(rent.low), rent.currency);
    put_quantity(json, "high", as_number(rent.high), rent.currency);
    json.member("runs", std::uint64_t{rent.runs});
    json.end_object();
  }
  json.end_array();
}

/// The terms of (E I + M) per R, ISO/IEC 21031. E and I of several places stand with each of them.
void put_sci(JsonWriter& json, const Statement& statement) {
  json.key("sci");
  json.begin_object();
  put_quantity(json, "energy", as_number(statement.site_energy), "J");
  put_quantity(json, "operational", as_number(statement.carbon_location), "gCO2e");
  put_quantity(json, "embodied", as_number(statement.embodied), "gCO2e");
  json.member("functional_unit", "run");
  json.member("functional_units", std::uint64_t{statement.runs});
  put_quantity(json, "score", as_number(statement.sci), "gCO2e");
  json.end_object();
}

void put_steps(JsonWriter& json, const Statement& statement) {
  json.key("steps");
  json.begin_array(Layout::kLines);
  for (const StatedSaving& saving : statement.savings) {
    json.begin_object(Layout::kOneLine);
    json.member("kind", "power-cap sweep");
    json.member("sweep", saving.sweep);
    json.member("cap", saving.cap);
    json.member("baseline", saving.baseline);
    json.member("runs", std::uint64_t{saving.runs});
    put_quantity(json, "energy_change", as_number(saving.energy_change, 100), "%");
    put_quantity(json, "time_change", as_number(saving.time_change, 100), "%");
    json.end_object();
  }
  for (const StatedPlan& plan : statement.plans) {
    json.begin_object(Layout::kOneLine);
    json.member("kind", "plan");
    json.member("objective", plan.objective);
    json.member("place", plan.place.empty() ? std::nullopt : std::optional(plan.place));
    json.member("now", format_time(plan.now));
    json.member("start", format_time(plan.start));
    json.member("saving_pct", plan.saving_pct);
    json.member("saving_u_pct", plan.saving_u_pct);
    json.member("kept_runs", std::uint64_t{plan.kept});
    json.end_object();
  }
  json.end_array();
}

}  // namespace

void write_statement_json(const Statement& statement, std::ostream& out) {
  JsonWriter json(out);
  json.begin_object();
  json.member("schema", "joulery/statement/1");
  json.member("project",
              statement.project.empty() ? std::nullopt : std::optional(statement.project));
  put_runs(json, statement);
  json.member("begin", format_time(statement.begin));
  json.member("end", format_time(statement.end));
  put_quantity(json, "duration", as_number(statement.duration), "s");
  put_hardware(json, statement.hardware);
  put_energy(json, statement);
  put_carbon(json, statement);
  put_costs(json, statement.costs);
  put_rents(json, statement.rents);
  put_places(json, statement.places);
  put_methods(json, statement.methods);
  put_sci(json, statement);
  put_steps(json, statement);
  json.member("notes", statement.notes);
  json.member("version", statement.version);
  json.end_object();
}

}  // namespace joulery
