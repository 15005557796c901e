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
  void put_fared(const PolicyRun& run, const SimulationCase& held);
  void put_sums(const char* key, const SimulationSums& sums, const SumsBasis& basis,
                const std::string& currency);
  void put_share(const std::string& name, const std::optional<Saved>& saved);
  void put_shares(const PolicyRun& run, const SimulationCase& held);
  void put_saved();

  const Simulation& simulation_;
  JsonWriter json_;
};

void SimulationJson::put_sums(const char* key, const SimulationSums& sums, const SumsBasis& basis,
                              const std::string& currency) {
  const auto put = [&](const char* name, double value, const Estimate<double>& one,
                       std::string_view unit) {
    put_quantity(json_, name, sum_of(value, one), unit);
  };
  json_.key(key);
  json_.begin_object();
  put("it_energy", sums.it_energy.count(), basis.it_energy, "J");
  put("site_energy", sums.site_energy.count(), basis.site_energy, "J");
  put("carbon", sums.carbon.count(), basis.carbon, "gCO2e");
  put("electricity_cost", sums.cost.value_or(Money(0)).count(), basis.cost, currency);
  json_.end_object();
}

void SimulationJson::put_fared(const PolicyRun& run, const SimulationCase& held) {
  json_.member("mean_wait_s", run.mean_wait.count());
  json_.member("p95_wait_s", run.p95_wait.count());
  json_.member("mean_queue_s", run.mean_queue.count());
  json_.member("mean_stretch", run.mean_stretch);
  json_.member("p95_stretch", run.p95_stretch);
  json_.member("late", run.late);
  if (run.policy == Shift::kCapsByHour) json_.member("may_cap", run.may_cap);
  json_.member("resumes", run.resumes);
  put_quantity(json_, "resume_energy", sum_of(run.resume_energy.count(), held.basis.it_energy),
               "J");
  json_.member("mean_devices", run.mean_devices);
  json_.member("peak_devices", run.peak_devices);
  json_.member("peak_queue", run.peak_queue);
  json_.member("end", format_time(run.end));
}

void SimulationJson::put_share(const std::string& name, const std::optional<Saved>& saved) {
  const auto percent = [](double share) { return std::optional<double>(100 * share); };
  json_.member(name + "_pct", saved ? percent(saved->share) : std::nullopt);
  json_.member(name + "_u_pct", saved && saved->u ? percent(*saved->u) : std::nullopt);
}

/// Of the objective, what an oracle could have saved of it, and of each sum.
void SimulationJson::put_shares(const PolicyRun& run, const SimulationCase& held) {
  const ShiftObjective objective = simulation_.request.objective;
  const auto of_run = [&](ShiftObjective of) { return saved_by(run.sums, run.saved_u, held, of); };
  put_share("saved", of_run(objective));
  const Oracle* const oracle = oracle_of(held, run.policy);
  put_share("oracle_saved",
            oracle ? saved_by(oracle->sums, oracle->saved_u, held, objective) : std::nullopt);
  put_share("site_energy_saved", of_run(ShiftObjective::kEnergy));
  put_share("carbon_saved", of_run(ShiftObjective::kCarbon));
  put_share("electricity_cost_saved", of_run(ShiftObjective::kCost));
}

void SimulationJson::put_run(const PolicyRun& run, const SimulationCase& held) {
  json_.begin_object();
  json_.member("policy", name_of(run.policy));
  json_.member("seed", run.seed);
  put_sums("used", run.sums, held.basis, held.currency);
  put_shares(run, held);
  if (run.idle) put_sums("idle", *run.idle, held.idle_basis, held.currency);
  put_fared(run, held);
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
  json_.member("queue", name_of(request.queue));
  json_.member("forecast_error_pct", 100 * request.forecast_error);
  json_.member("forecast_memory_s", request.forecast_memory.count());
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
    if (request.cap->energy_u)
      json_.member("energy_u", *request.cap->energy_u * request.cap->energy);
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
    const Spread& saved = row.saved;
    const auto put = [&](const char* key, double share, bool known) {
      json_.member(key, known ? std::optional<double>(100 * share) : std::nullopt);
    };
    put("mean_pct", saved.mean, saved.count > 0);
    put("mean_u_pct", saved.u, saved.u > 0);
    put("least_pct", saved.least, saved.count > 0);
    put("most_pct", saved.most, saved.count > 0);
    json_.member("runs", static_cast<std::uint64_t>(saved.count));
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
  json_.member("excludes", simulation_.excludes);
  json_.member("notes", simulation_.notes);
  json_.end_object();
}

}  // namespace

void write_simulation_json(const Simulation& simulation, std::ostream& out) {
  SimulationJson(simulation, out).write();
}

}  // namespace joulery
