// report: sweeps over power caps for people.
#include <fmt/format.h>

#include <ostream>

#include "base/utf8.h"
#include "joulery/report.h"
#include "report/choice.h"
#include "report/grid_tables.h"
#include "report/job_key.h"
#include "report/number.h"
#include "report/text_table.h"

namespace joulery {
namespace {

std::string work_text(const Sweep& sweep) {
  if (!sweep.equal_work) return "not all runs did equal work";
  if (sweep.equal_work_by.empty() || sweep.equal_work_by == "exit status")
    return "equal work: not checked, exit status alone";
  return "equal work by " + sweep.equal_work_by;
}

void write_head(const Sweep& sweep, std::ostream& out) {
  const std::string model = sweep.devices.empty() ? "" : sweep.devices[0].model;
  write_paragraph(
      out, "",
      fmt::format("sweep {}{}: {} of {} runs on {} {}; found at {:g} W; {}", sweep.id,
                  sweep.key.empty() ? "" : " (" + key_text(sweep.key) + ")", sweep.steps_made(),
                  sweep.planned, sweep.devices.size(), printable(model.empty() ? "devices" : model),
                  sweep.found.count(), work_text(sweep)));
}

void write_notes(const Sweep& sweep, std::ostream& out) {
  const auto write = [&](const std::string& note) { write_paragraph(out, "- ", printable(note)); };
  for (const std::string& note : sweep.notes) write(note);
  if (sweep.choice)
    for (const std::string& note : sweep.choice->notes) write(note);
  for (const SweepRun& run : sweep.runs)
    for (const std::string& note : run.notes)
      write(fmt::format("{} at {:g} W: {}", run.id.empty() ? "not started" : run.id,
                        run.trial.cap.count(), note));
  if (sweep.interrupted)
    write(fmt::format("ended by signal {}; --resume goes on where it stopped", *sweep.interrupted));
  if (sweep.given_back) write("NOT GIVEN BACK: " + sweep.given_back->message);
}

/// What the machine did at each cap.
void write_conditions(const CapChoice& choice, std::ostream& out) {
  TextTable table({"cap", "throttled", "mean \u00b0C", "SM MHz", "runs compared", "failed"},
                  std::vector<Align>(6, Align::kRight));
  const auto whole = [](const std::optional<double>& value) {
    return value ? fmt::format("{:.0f}", *value) : "-";
  };
  for (const CapPoint& point : choice.points)
    table.add({fmt::format("{:.4g} W", point.cap.count()),
               point.throttle_share ? percent(*point.throttle_share) : "-",
               whole(point.temperature_c), whole(point.clock_mhz), std::to_string(point.trials),
               std::to_string(point.failed)});
  table.write(out, 2);
}

void write_one(const Sweep& sweep, std::ostream& out) {
  write_head(sweep, out);
  if (sweep.choice) {
    out << '\n';
    write_choice_table(*sweep.choice, out);
    out << '\n';
    write_choice_bars(*sweep.choice, out);
    out << '\n';
    write_conditions(*sweep.choice, out);
    out << '\n';
    write_paragraph(out, "", choice_sentence(*sweep.choice, sweep.rules));
    out << "\u00b1 is k = 2, about 95 %; the limit that was found is 100 %.\n";
  } else {
    write_paragraph(out, "", "no recommendation: " + sweep.no_choice);
  }
  write_notes(sweep, out);
}

}  // namespace

void write_sweep_text(const std::vector<Sweep>& sweeps, std::ostream& out) {
  for (std::size_t i = 0; i < sweeps.size(); ++i) {
    if (i > 0) out << '\n';
    write_one(sweeps[i], out);
  }
  if (sweeps.size() > 1) write_grid_tables(sweeps, out);
}

}  // namespace joulery
