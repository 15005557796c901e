// report: the runs of a ledger, "joulery/runs/1".
#include <ostream>

#include "base/text.h"
#include "joulery/report.h"
#include "report/json_quantity.h"

namespace joulery {
namespace {

void put_run(JsonWriter& json, const RunSummary& run) {
  json.begin_object();
  json.member("id", run.id);
  json.member("name", run.name);
  json.member("project", run.project);
  json.member("command", run.command);
  json.member("host", run.host);
  json.member("origin", run.origin);
  json.member("begin", format_time(run.begin));
  json.member("complete", run.complete);
  json.member("running", run.running);
  json.member("exit_status", run.exit_status);
  json.member("signal", run.signal);
  put_quantity(json, "duration", as_number(run.duration), "s");
  put_quantity(json, "it_energy", as_number(run.it_energy), "J");
  put_quantity(json, "carbon", as_number(run.carbon), "gCO2e");
  json.member("excludes", run.excludes);
  json.key("tags");
  json.begin_object(JsonWriter::Layout::kOneLine);
  for (const auto& [name, text] : run.tags) json.member(name, text);
  json.end_object();
  json.end_object();
}

}  // namespace

void write_runs_json(const Ledger::Listing& listing, std::ostream& out) {
  JsonWriter json(out);
  json.begin_object();
  json.member("schema", "joulery/runs/1");
  json.key("runs");
  json.begin_array(JsonWriter::Layout::kLines);
  for (const RunSummary& run : listing.runs) put_run(json, run);
  json.end_array();
  json.member("problems", listing.problems);
  json.end_object();
}

}  // namespace joulery
