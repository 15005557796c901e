// report: sweeps over power caps, "joulery/sweep/1"; docs/formats/sweep.md.
#include <algorithm>
#include <ostream>

#include "joulery/report.h"
#include "report/choice.h"
#include "report/grid_means.h"
#include "report/json_quantity.h"

namespace joulery {
namespace {

using Layout = JsonWriter::Layout;

void put_device(JsonWriter& json, const CapDevice& device) {
  json.begin_object(Layout::kOneLine);
  json.member("id", device.id);
  json.member("model", device.model);
  json.member("least_w", watts(device.least));
  json.member("most_w", watts(device.most));
  json.member("default_w", watts(device.default_limit));
  json.member("requested_w", watts(device.requested));
  json.member("enforced_w", watts(device.enforced));
  json.end_object();
}

void put_measured(JsonWriter& json, const SweepRun& run) {
  const bool is_measured = run.trial.time > Seconds(0);
  const auto measured = [&](double value) {
    return is_measured ? std::optional(value) : std::nullopt;
  };
  json.member("time_s", measured(run.trial.time.count()));
  json.member("device_energy_j", measured(run.trial.device_energy.count()));
  json.member("node_energy_j",
              run.trial.node_energy ? measured(run.trial.node_energy->count()) : std::nullopt);
  json.key("devices");
  json.begin_object(Layout::kOneLine);
  for (const auto& [device, energy] : run.device_energy) json.member(device, energy.count());
  json.end_object();
  json.member("throttled_pct", run.trial.throttle_share
                                   ? std::optional(100 * *run.trial.throttle_share)
                                   : std::nullopt);
  json.member("temperature_c", run.trial.temperature_c);
  json.member("clock_mhz", run.trial.clock_mhz);
}

void put_run(JsonWriter& json, const Sweep& sweep, const SweepRun& run) {
  json.begin_object(Layout::kOneLine);
  json.member("id", text_or_null(run.id));
  json.member("step", static_cast<std::uint64_t>(run.step));
  json.member("cap_w", run.level ? sweep.levels[*run.level].cap.count() : sweep.found.count());
  json.member("found", !run.level);
  json.member("warm_up", run.warm_up);
  json.member("resumed", run.resumed);
  put_measured(json, run);
  json.member("marks", static_cast<std::uint64_t>(run.marks));
  json.member("digest", text_or_null(run.digest));
  json.member("exit_status", run.exit_status);
  json.member("signal", run.signal);
  json.member("failed", run.trial.failed);
  json.member("equal_work", run.trial.equal_work);
  json.member("controlled", run.controlled);
  json.member("interrupted", run.interrupted);
  json.member("notes", run.notes);
  json.end_object();
}

void put_key(JsonWriter& json, const Sweep& sweep) {
  json.key("key");
  json.begin_object(Layout::kOneLine);
  for (const auto& [name, value] : sweep.key) json.member(name, value);
  json.end_object();
}

void put_no_choice(JsonWriter& json, const std::vector<std::string>& notes) {
  for (const char* key : {"baseline", "recommended"}) {
    json.key(key);
    json.null();
  }
  json.key("points");
  json.begin_array();
  json.end_array();
  json.member("cap_inert", false);
  json.member("notes", notes);
}

void put_group(JsonWriter& json, const Sweep& sweep) {
  json.begin_object();
  put_key(json, sweep);
  std::vector<std::string> notes = sweep.notes;
  if (sweep.given_back) notes.push_back("not given back: " + sweep.given_back->message);
  if (sweep.choice) {
    CapChoice choice = *sweep.choice;
    choice.notes.insert(choice.notes.begin(), notes.begin(), notes.end());
    put_choice(json, choice);
  } else {
    notes.push_back("no choice: " + sweep.no_choice);
    put_no_choice(json, notes);
  }
  json.member("sweep", sweep.id);
  json.member("command", sweep.job.command);
  json.member("seed", sweep.seed);
  json.member("found_w", sweep.found.count());
  json.member("idle_power_w", watts(sweep.idle_power));
  json.member("equal_work", sweep.equal_work);
  json.member("equal_work_by", sweep.equal_work_by);
  json.member("planned_runs", static_cast<std::uint64_t>(sweep.planned));
  json.key("devices");
  json.begin_array(Layout::kLines);
  for (const CapDevice& device : sweep.devices) put_device(json, device);
  json.end_array();
  json.key("runs");
  json.begin_array(Layout::kLines);
  for (const SweepRun& run : sweep.runs) put_run(json, sweep, run);
  json.end_array();
  json.end_object();
}

void put_means(JsonWriter& json, const std::vector<Sweep>& sweeps) {
  json.key("means");
  json.begin_array(Layout::kLines);
  for (const GridMean& mean : grid_means(sweeps)) {
    json.begin_object(Layout::kOneLine);
    json.member("cap_w", mean.cap.count());
    json.member("time_change_pct", mean.time.pct);
    json.member("time_change_u_pct", mean.time.u_pct);
    json.member("energy_change_pct", mean.energy.pct);
    json.member("energy_change_u_pct", mean.energy.u_pct);
    json.member("groups", static_cast<std::uint64_t>(mean.groups));
    json.end_object();
  }
  json.end_array();
}

}  // namespace

void write_sweep_json(const std::vector<Sweep>& sweeps, std::ostream& out) {
  JsonWriter json(out);
  json.begin_object();
  json.member("schema", "joulery/sweep/1");
  const ChoiceRules rules = sweeps.empty() ? ChoiceRules{} : sweeps[0].rules;
  put_rules(json, rules);
  json.member("base_power_w", rules.base_power.count());
  const auto all = [&](const auto& is_so) {
    return std::all_of(sweeps.begin(), sweeps.end(), is_so);
  };
  json.member("succeeded", all([](const Sweep& sweep) { return sweep.succeeded(); }));
  json.member("equal_work", all([](const Sweep& sweep) { return sweep.equal_work; }));
  json.key("groups");
  json.begin_array(Layout::kLines);
  for (const Sweep& sweep : sweeps) put_group(json, sweep);
  json.end_array();
  if (sweeps.size() > 1) put_means(json, sweeps);
  json.end_object();
}

}  // namespace joulery
