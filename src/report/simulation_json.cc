// report: a simulation, "joulery/simulate/1"; docs/formats/simulate.md says every key.
#include <ostream>

#include "base/text.h"
#include "joulery/report.h"
#include "report/json_quantity.h"
#include "report/simulation_rows.h"

namespace joulery {
namespace {

using Layout = JsonWriter::Layout;

class SimulationJson {
 public:
  SimulationJson(const Simulation& simulation, std::ostream& out)
      : simulation_(simulation), json_(out) {}
  void write();

 private:
  void put_request();
  void put_case(const SimulationCase& held);
  void put_run(const PolicyRun& run, const SimulationCase& held);
  void put_fared(const PolicyRun& run);
  void put_sums(const char* key, const SimulationSums& sums, const std::string& currency);
  void put_saved();
  void put_number(const char* key, double value, std::string_view unit);

  const Simulation& simulation_;
  JsonWriter json_;
};

void SimulationJson::put_number(const char* key, double value, std::string_view unit) {
  put_quantity(json_, key, Estimate<double>::of(value, 0, Evidence::kModelled), unit);
}

void SimulationJson::put_sums(const char* key, const SimulationSums& sums,
                              const std::string& currency) {
  json_.key(key);
  json_.begin_object();
  put_number("it_energy", sums.it_energy.count(), "J");
  put_number("site_energy", sums.site_energy.count(), "J");
  put_number("carbon", sums.carbon.count(), "gCO2e");
  if (sums.cost) put_number("electricity_cost", sums.cost->count(), currency);
  json_.end_object();
}

void SimulationJson::put_fared(const PolicyRun& run) {
  json_.member("mean_wait_s", run.mean_wait.count());
  json_.member("p95_wait_s", run.p95_wait.count());
  json_.member("mean_queue_s", run.mean_queue.count());
  json_.member("mean_stretch", run.mean_stretch);
  json_.member("p95_stretch", run.p95_stretch);
  json_.member("late", run.late);
  json_.member("resumes", run.resumes);
  put_number("resume_energy", run.resume_energy.count(), "J");
  json_.member("mean_devices", run.mean_devices);
  json_.member("peak_devices", run.peak_devices);
  json_.member("peak_queue", run.peak_queue);
  json_.member("end", format_time(run.end));
}

void SimulationJson::put_run(const PolicyRun& run, const SimulationCase& held) {
  const ShiftObjective objective = simulation_.request.objective;
  const double value = value_of(run.sums, objective), now = value_of(held.now.sums, objective);
  json_.begin_object();
  json_.member("policy", name_of(run.policy));
  json_.member("seed", run.seed);
  put_sums("used", run.sums, held.currency);
  json_.member("saved_pct", 100 * saved_share(value, now));
  json_.member("carbon_saved_pct",
               100 * saved_share(run.sums.carbon.count(), held.now.sums.carbon.count()));
  json_.key("oracle_saved_pct");
  const SimulationSums* const oracle = oracle_of(held, run.policy);
  oracle ? json_.value(100 * saved_share(value_of(*oracle, objective), now)) : json_.null();
  if (run.idle) put_sums("idle", *run.idle, held.currency);
  put_fared(run);
  json_.end_object();
}

void SimulationJson::put_case(const SimulationCase& held) {
  json_.begin_object();
  json_.member("place", held.place);
  json_.key("kind");
  held.kind.empty() ? json_.null() : json_.value(held.kind);
  json_.member("sources", held.sources);
  json_.member("slack_s", held.slack.count());
  json_.key("forecast_mape");
  json_.begin_array(Layout::kLines);
  for (const auto& [seed, mape] : held.forecast_mape) {
    json_.begin_object(Layout::kOneLine);
    json_.member("seed", seed);
    json_.member("mape_pct", 100 * mape);
    json_.end_object();
  }
  json_.end_array();
  json_.key("now");
  put_run(held.now, held);
  json_.key("runs");
  json_.begin_array(Layout::kLines);
  for (const PolicyRun& run : held.runs) put_run(run, held);
  json_.end_array();
  json_.end_object();
}

void SimulationJson::put_request() {
  const SimulationRequest& request = simulation_.request;
  json_.key("request");
  json_.begin_object();
  json_.member("objective", name_of(request.objective));
  json_.member("capacity", request.capacity);
  json_.member("forecast_error_pct", 100 * request.forecast_error);
  json_.member("quantile_pct", 100 * request.quantile);
  json_.member("min_run_s", request.shortest_slot.count());
  json_.member("resume_time_s", request.resume_time.count());
  json_.key("idle_power_w");
  request.idle_power ? json_.value(request.idle_power->count()) : json_.null();
  json_.key("cap");
  if (request.cap) {
    json_.begin_object(Layout::kOneLine);
    json_.member("cap", request.cap->cap);
    json_.member("time", request.cap->time);
    json_.member("energy", request.cap->energy);
    json_.end_object();
  } else {
    json_.null();
  }
  json_.end_object();
}

void SimulationJson::put_saved() {
  json_.key("saved");
  json_.begin_array(Layout::kLines);
  for (const SavedRow& row : saved_rows(simulation_)) {
    json_.begin_object(Layout::kOneLine);
    json_.member("policy", name_of(row.policy));
    json_.member("slack_s", row.slack.count());
    json_.member("mean_pct", 100 * row.saved.mean);
    json_.member("least_pct", 100 * row.saved.least);
    json_.member("most_pct", 100 * row.saved.most);
    json_.member("runs", static_cast<std::uint64_t>(row.saved.count));
    json_.end_object();
  }
  json_.end_array();
}

void SimulationJson::write() {
  json_.begin_object();
  json_.member("schema", "joulery/simulate/1");
  json_.member("source", simulation_.source);
  json_.member("jobs", simulation_.jobs);
  json_.member("unit", simulation_.unit);
  json_.member("begin", format_time(simulation_.begin));
  json_.member("end", format_time(simulation_.end));
  put_request();
  json_.key("cases");
  json_.begin_array(Layout::kLines);
  for (const SimulationCase& held : simulation_.cases) put_case(held);
  json_.end_array();
  put_saved();
  json_.member("notes", simulation_.notes);
  json_.end_object();
}

}  // namespace

void write_simulation_json(const Simulation& simulation, std::ostream& out) {
  SimulationJson(simulation, out).write();
}

}  // namespace joulery
