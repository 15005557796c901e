// report: the choices of `joulery recommend`: text, and "joulery/recommend/1".
#include <fmt/format.h>

#include <ostream>

#include "base/utf8.h"
#include "joulery/report.h"
#include "report/choice.h"
#include "report/job_key.h"
#include "report/text_table.h"

namespace joulery {
namespace {

// With more jobs than these, each gets a line instead of a table.
constexpr std::size_t kMostTables = 6;
constexpr std::size_t kLabelColumns = 46;

void write_notes(const Recommendation& job, std::ostream& out) {
  for (const std::string& note : job.choice.notes) write_paragraph(out, "  - ", printable(note));
}

void write_tables(const ChoiceRules& rules, const std::vector<Recommendation>& jobs,
                  std::ostream& out) {
  for (const Recommendation& job : jobs) {
    if (&job != &jobs.front()) out << '\n';
    ChoiceRules own = rules;
    own.max_slowdown = job.max_slowdown;
    if (!job.key.empty()) write_paragraph(out, "", key_text(job.key));
    write_choice_table(job.choice, out);
    if (jobs.size() == 1) {
      out << "\n  in percent of the baseline\n";
      write_choice_bars(job.choice, out);
      out << '\n';
    }
    write_paragraph(out, "", choice_sentence(job.choice, own));
    write_notes(job, out);
  }
}

std::vector<std::string> line_of(const Recommendation& job) {
  const std::string label = shortened(printable(key_values(job.key, "  ")), kLabelColumns);
  const std::string inert = job.choice.cap_inert ? "inert" : "";
  if (!job.choice.recommended) return {label, "-", "-", "-", inert};
  const CapPoint& best = job.choice.points[*job.choice.recommended];
  return {label, fmt::format("{:.4g} W", best.cap.count()), signed_percent(best.time_change),
          signed_percent(best.energy_change), best.baseline ? "baseline" : inert};
}

void write_lines(const std::vector<Recommendation>& jobs, std::ostream& out) {
  TextTable table(
      {shortened(key_names(jobs.front().key), kLabelColumns), "cap", "time", "energy", ""},
      {Align::kLeft, Align::kRight, Align::kRight, Align::kRight, Align::kLeft});
  std::size_t inert = 0;
  std::size_t notes = 0;
  for (const Recommendation& job : jobs) {
    table.add(line_of(job));
    inert += job.choice.cap_inert ? 1 : 0;
    notes += job.choice.notes.size();
  }
  table.write(out, 0);
  write_paragraph(
      out, "",
      fmt::format("The recommended cap of {} jobs against the baseline of each; {} "
                  "inert, their mean draw below their lowest cap. --json has every point "
                  "and {} notes on rows above their cap, missing caps and the like.",
                  jobs.size(), inert, notes));
}

}  // namespace

void write_recommend_text(const ChoiceRules& rules, const std::vector<Recommendation>& jobs,
                          std::ostream& out) {
  if (jobs.size() <= kMostTables)
    write_tables(rules, jobs, out);
  else
    write_lines(jobs, out);
}

void write_recommend_json(const ChoiceRules& rules, const std::vector<Recommendation>& jobs,
                          std::ostream& out) {
  JsonWriter json(out);
  json.begin_object();
  json.member("schema", "joulery/recommend/1");
  put_rules(json, rules);
  json.key("groups");
  json.begin_array(JsonWriter::Layout::kLines);
  for (const Recommendation& job : jobs) {
    json.begin_object();
    json.key("key");
    json.begin_object(JsonWriter::Layout::kOneLine);
    for (const auto& [column, value] : job.key) json.member(column, value);
    json.end_object();
    put_choice(json, job.choice);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

}  // namespace joulery
