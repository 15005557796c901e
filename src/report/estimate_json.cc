// report: estimates as JSON, "joulery/estimate/1"; docs/formats/estimate.md says every key.
#include <ostream>

#include "joulery/report.h"
#include "report/json_quantity.h"
#include "report/place_json.h"
#include "report/project_worth.h"

namespace joulery {
namespace {

using Layout = JsonWriter::Layout;
using Verdict = PresetCell::Verdict;

void put_parts(JsonWriter& json, const std::vector<PartPower>& parts) {
  json.key("parts");
  json.begin_array(Layout::kLines);
  for (const PartPower& part : parts) {
    json.begin_object(Layout::kOneLine);
    json.member("kind", part.kind);
    put_quantity(json, "power", as_number(part.power), "W");
    json.member("source", part.source);
    json.end_object();
  }
  json.end_array();
}

void put_hardware(JsonWriter& json, const EstimateRequest& request) {
  json.member("name", request.name);
  json.member("device", request.device ? std::optional(request.device->id) : std::nullopt);
  json.member("count", request.count);
  put_quantity(json, "duration", as_number(request.duration), "s");
  json.member("device_hours", request.device_time
                                  ? std::optional(request.device_time.value->count() / 3600)
                                  : std::nullopt);
  put_parts(json, request.parts);
}

void put_steadiness(JsonWriter& json, const Steadiness& seen) {
  const auto percent = [](const std::optional<double>& share) {
    return share ? std::optional(100 * *share) : std::nullopt;
  };
  json.key("steadiness");
  json.begin_object(Layout::kOneLine);
  json.member("steady", seen.steady);
  json.member("blocks", static_cast<std::uint64_t>(seen.blocks));
  json.member("block_s", seen.step.count());
  json.member("spread_pct", percent(seen.spread));
  json.member("drift_pct", percent(seen.drift));
  json.member("u_pct", 100 * seen.u);
  json.end_object();
}

void put_it_energy(JsonWriter& json, const EstimatedRow& row) {
  json.key("it_energy");
  json.begin_object(Layout::kOneLine);
  put_quantity_members(json, as_number(row.it_energy), "J");
  json.member("includes", row.includes);
  json.member("excludes", row.excludes);
  json.end_object();
}

void put_consequences(JsonWriter& json, const EstimatedRow& row) {
  const Place& place = row.request.place;
  put_pue(json, place.pue);
  put_quantity(json, "site_energy", as_number(row.site.site_energy), "J");
  put_intensity(json, place.intensity);
  put_quantity(json, "carbon", as_number(row.site.carbon), "gCO2e");
  put_cloud_cost(json, row.cloud_cost, place.currency);
  if (!place.cloud_price_source.empty())
    json.member("cloud_price_source", place.cloud_price_source);
  put_quantity(json, "electricity_cost", as_number(row.site.electricity_cost), place.currency);
}

void put_equivalents(JsonWriter& json, const std::vector<Equivalent>& things) {
  json.key("equivalents");
  json.begin_array(Layout::kLines);
  for (const Equivalent& thing : things) {
    json.begin_object(Layout::kOneLine);
    json.member("what", thing.what);
    json.member("count", thing.count);
    json.end_object();
  }
  json.end_array();
}

void put_work(JsonWriter& json, const EstimatedRow& row) {
  json.key("work");
  json.begin_object();
  put_quantity(json, "operations", as_number(row.request.work->operations), "FLOP");
  json.member("basis", row.request.work->basis);
  put_quantity(json, "per_device", as_number(row.work->per_device), "FLOP/s");
  put_quantity(json, "mfu", as_number(row.work->utilisation), "1");
  put_quantity(json, "per_joule", as_number(row.work->per_joule), "FLOP/J");
  json.end_object();
}

void put_row(JsonWriter& json, const EstimatedRow& row) {
  json.begin_object();
  put_hardware(json, row.request);
  if (row.request.steadiness) put_steadiness(json, *row.request.steadiness);
  put_it_energy(json, row);
  put_consequences(json, row);
  put_equivalents(json, row.equivalents);
  if (row.embodied) put_quantity(json, "embodied", as_number(*row.embodied), "gCO2e");
  if (row.sci) {
    put_quantity(json, "sci", as_number(*row.sci), "gCO2e");
    json.member("per", row.request.unit->name);
  }
  if (row.work) put_work(json, row);
  if (row.request.metric) json.member("metric", row.request.metric);
  json.member("flags", row.flags);
  json.member("notes", row.request.notes);
  json.end_object();
}

void put_total(JsonWriter& json, const EstimateTotal& total) {
  json.key("total");
  json.begin_object();
  put_quantity(json, "it_energy", as_number(total.it_energy), "J");
  put_quantity(json, "site_energy", as_number(total.site.site_energy), "J");
  put_quantity(json, "carbon", as_number(total.site.carbon), "gCO2e");
  put_cloud_cost(json, total.cloud_cost, total.currency);
  put_quantity(json, "electricity_cost", as_number(total.site.electricity_cost), total.currency);
  json.end_object();
}

const char* name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kSame:
      return "same";
    case Verdict::kRounding:
      return "rounding";
    case Verdict::kOther:
      return "other";
    case Verdict::kMissing:
      return "missing";
  }
  return "other";
}

void put_cells(JsonWriter& json, const PresetTable& table, const PresetTable::Row& row) {
  json.begin_object();
  json.member("name", row.name);
  json.key("cells");
  json.begin_array(Layout::kLines);
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    json.begin_object(Layout::kOneLine);
    json.member("column", table.columns[i + 1]);
    json.member("printed", text_or_null(row.cells[i].printed));
    json.member("ours", text_or_null(row.cells[i].ours));
    json.member("verdict", name_of(row.cells[i].verdict));
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

void put_preset(JsonWriter& json, const Preset& preset) {
  json.member("preset", preset.name);
  json.member("source", preset.source);
  json.key("tables");
  json.begin_array(Layout::kLines);
  for (const PresetTable& table : preset.tables) {
    json.begin_object();
    json.member("title", table.title);
    json.key("rows");
    json.begin_array(Layout::kLines);
    for (const PresetTable::Row& row : table.rows) put_cells(json, table, row);
    json.end_array();
    json.member("notes", table.notes);
    json.end_object();
  }
  json.end_array();
}

void put_document(const std::vector<EstimatedRow>& rows, const Preset* preset, std::ostream& out) {
  JsonWriter json(out);
  json.begin_object();
  json.member("schema", "joulery/estimate/1");
  json.key("rows");
  json.begin_array(Layout::kLines);
  for (const EstimatedRow& row : rows) put_row(json, row);
  json.end_array();
  // A preset's rows are of several tables: their sum would say nothing.
  if (preset != nullptr)
    put_preset(json, *preset);
  else if (rows.size() > 1)
    put_total(json, total_of(rows));
  const std::vector<FrontPoint> front = fronts_of_rows(rows);
  if (!front.empty()) {
    json.key("front");
    json.begin_array(Layout::kLines);
    for (const FrontPoint& at : front) put_front_point(json, at);
    json.end_array();
  }
  json.end_object();
}

}  // namespace

void write_estimates_json(const std::vector<EstimatedRow>& rows, std::ostream& out) {
  put_document(rows, nullptr, out);
}

void write_preset_json(const Preset& preset, std::ostream& out) {
  put_document(preset.rows, &preset, out);
}

}  // namespace joulery
