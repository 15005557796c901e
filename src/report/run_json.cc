// report: an account as JSON, "joulery/run/1"; docs/formats/run-json.md says every key.
#include "report/run_json.h"

#include <ostream>

#include "base/text.h"
#include "joulery/report.h"
#include "report/json_quantity.h"
#include "report/place_json.h"

namespace joulery {
namespace {

using Layout = JsonWriter::Layout;

void put_budget(JsonWriter& json, const std::vector<Contribution>& budget) {
  json.key("budget");
  json.begin_array();
  for (const Contribution& part : budget) {
    json.begin_object();
    json.member("what", part.what);
    json.member("u_j", part.u.count());
    json.end_object();
  }
  json.end_array();
}

// Keys beyond the fixed ones, each only where there is something to say.
void put_component_extras(JsonWriter& json, const ComponentAccount& component) {
  if (component.job_share) put_quantity(json, "job_share", as_number(*component.job_share), "J");
  if (component.cross_check) json.member("cross_check_j", component.cross_check->count());
  if (component.part_of) json.member("part_of", *component.part_of);
  if (!component.budget.empty()) put_budget(json, component.budget);
  if (!component.accuracy_source.empty()) json.member("accuracy_source", component.accuracy_source);
}

void put_component(JsonWriter& json, const ComponentAccount& component) {
  json.begin_object();
  json.member("id", component.id);
  json.member("kind", name_of(component.kind));
  json.member("model", component.model);
  json.member("source", component.source);
  put_quantity(json, "energy", as_number(component.energy), "J");
  put_quantity(json, "mean_power", as_number(component.mean_power), "W");
  put_quantity(json, "peak_power", as_number(component.peak_power), "W");
  put_quantity(json, "idle_energy", as_number(component.idle_energy), "J");
  json.member("samples", component.samples);
  json.member("flags", component.flags);
  put_component_extras(json, component);
  json.end_object();
}

void put_identity(JsonWriter& json, const Account& account) {
  json.member("schema", "joulery/run/1");
  json.member("id", account.job.id);
  json.member("name", account.job.name);
  json.member("project", account.job.project);
  json.member("command", account.job.command);
  json.member("exit_status", account.job.exit_status);
  json.member("signal", account.job.signal);
  json.member("host", account.job.host);
  json.member("begin", format_time(account.begin));
  put_quantity(json, "duration", as_number(account.duration), "s");
}

void put_it_energy(JsonWriter& json, const Account& account) {
  json.key("it_energy");
  json.begin_object(Layout::kOneLine);
  put_quantity_members(json, as_number(account.it_energy), "J");
  json.member("includes", account.includes);
  json.member("excludes", account.excludes);
  json.end_object();
}

void put_place_and_costs(JsonWriter& json, const Account& account) {
  const std::string& currency = account.place.currency;
  put_pue(json, account.place.pue);
  put_quantity(json, "site_energy", as_number(account.site_energy), "J");
  put_intensity(json, account.place.intensity);
  put_quantity(json, "carbon", as_number(account.carbon), "gCO2e");
  put_quantity(json, "electricity_cost", as_number(account.electricity_cost), currency);
  put_cloud_cost(json, account.cloud_cost, currency);
}

void put_phases(JsonWriter& json, const std::vector<PhaseAccount>& phases) {
  json.key("phases");
  json.begin_array(Layout::kLines);
  for (const PhaseAccount& phase : phases) {
    json.begin_object();
    json.member("name", phase.name);
    put_quantity(json, "duration", as_number(phase.duration), "s");
    put_quantity(json, "it_energy", as_number(phase.it_energy), "J");
    json.end_object();
  }
  json.end_array();
}

void put_loop(JsonWriter& json, const LoopStats& loop) {
  json.key("loop");
  json.begin_object(Layout::kOneLine);
  json.member("ticks", loop.ticks);
  json.member("late", loop.late);
  json.member("lost", loop.lost);
  json.member("cpu_s", loop.cpu.count());
  json.member("read_p50_s", loop.read_p50.count());
  json.member("read_p99_s", loop.read_p99.count());
  json.end_object();
}

void put_survivors(JsonWriter& json, const std::vector<Survivor>& survivors) {
  json.key("survivors");
  json.begin_array();
  for (const Survivor& survivor : survivors) {
    json.begin_object();
    json.member("pid", survivor.pid);
    json.member("name", survivor.name);
    json.end_object();
  }
  json.end_array();
}

// Keys that the interface leaves open, after those that it fixes.
void put_run_extras(JsonWriter& json, const Account& account) {
  json.member("origin", account.job.origin);
  json.member("user", account.job.user);
  json.member("version", account.job.version);
  json.key("tags");
  json.begin_object(Layout::kOneLine);
  for (const auto& [name, text] : account.job.tags) json.member(name, text);
  json.end_object();
  put_loop(json, account.loop);
  put_survivors(json, account.job.survivors);
}

}  // namespace

void put_account(JsonWriter& json, const Account& account) {
  json.begin_object();
  put_identity(json, account);
  json.key("components");
  json.begin_array(Layout::kLines);
  for (const ComponentAccount& component : account.components) put_component(json, component);
  json.end_array();
  put_it_energy(json, account);
  put_place_and_costs(json, account);
  put_phases(json, account.phases);
  json.member("flags", account.flags);
  put_run_extras(json, account);
  json.end_object();
}

void write_account_json(const Account& account, std::ostream& out) {
  JsonWriter json(out);
  put_account(json, account);
}

}  // namespace joulery
