// report: a job that was handed to Slurm, "joulery/submit/1".
#include <ostream>

#include "base/json_writer.h"
#include "base/text.h"
#include "joulery/report.h"
#include "report/json_quantity.h"
#include "report/plan_json.h"

namespace joulery {
namespace {

void write_pauses(const SubmitRequest& request, const Submitted& done, JsonWriter& json) {
  json.key("pauses");
  json.begin_array(JsonWriter::Layout::kLines);
  for (std::size_t i = 0; i < request.pauses.size(); ++i) {
    json.begin_object(JsonWriter::Layout::kOneLine);
    json.member("begin", format_time(request.pauses[i].begin));
    json.member("end", format_time(request.pauses[i].end));
    json.member("job", text_or_null(i < done.pause_jobs.size() ? done.pause_jobs[i] : ""));
    json.end_object();
  }
  json.end_array();
}

}  // namespace

void write_submit_json(const SubmitRequest& request, const Submitted& done,
                       const std::optional<Plan>& plan, std::ostream& out) {
  JsonWriter json(out);
  json.begin_object();
  json.member("schema", "joulery/submit/1");
  json.member("command", done.command);
  json.member("exit_status", done.exit_status);
  json.member("job", text_or_null(done.job));
  json.member("begin", format_time(request.begin));
  json.member("end", format_time(request.end));
  json.member("deadline", text_or_null(request.deadline ? format_time(*request.deadline) : ""));
  write_pauses(request, done, json);
  json.member("tidy_job", text_or_null(done.tidy_job));
  json.member("notes", done.notes);
  json.key("plan");
  if (plan) {
    json.begin_object();
    put_plan(json, *plan);
    json.end_object();
  } else {
    json.null();
  }
  json.end_object();
}

}  // namespace joulery
