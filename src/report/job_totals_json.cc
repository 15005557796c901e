// report: totals of jobs in JSON, see job_totals_json.h.
#include "report/job_totals_json.h"

#include "report/json_quantity.h"

namespace joulery {
namespace {

void put_job_cost(JsonWriter& json, const JobTotals& totals, const std::string& currency,
                  JsonWriter::Layout layout) {
  json.key("cloud_cost");
  json.begin_object(layout);
  put_quantity(json, "low", as_number(totals.cloud_cost.low), currency);
  put_quantity(json, "high", as_number(totals.cloud_cost.high), currency);
  if (!totals.cost_excludes.empty()) json.member("excludes", totals.cost_excludes);
  json.end_object();
}

}  // namespace

void put_job_energy(JsonWriter& json, const JobTotals& totals,
                    const std::vector<std::string>* includes) {
  json.key("it_energy");
  json.begin_object(JsonWriter::Layout::kOneLine);
  put_quantity_members(json, as_number(totals.it_energy), "J");
  if (includes != nullptr) json.member("includes", *includes);
  json.member("excludes", totals.excludes);
  json.end_object();
}

void put_job_consequences(JsonWriter& json, const JobTotals& totals, const std::string& currency,
                          JsonWriter::Layout layout) {
  put_quantity(json, "site_energy", as_number(totals.site.site_energy), "J");
  put_quantity(json, "carbon", as_number(totals.site.carbon), "gCO2e");
  put_job_cost(json, totals, currency, layout);
  put_quantity(json, "electricity_cost", as_number(totals.site.electricity_cost), currency);
}

void put_job_totals(JsonWriter& json, const JobTotals& totals, const std::string& currency) {
  json.member("jobs", totals.jobs);
  json.member("device_hours", totals.device_hours);
  if (totals.cpu_hours > 0) json.member("cpu_hours", totals.cpu_hours);
  put_job_energy(json, totals, nullptr);
  put_job_consequences(json, totals, currency, JsonWriter::Layout::kOneLine);
}

}  // namespace joulery
