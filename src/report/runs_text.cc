// report: the runs of a ledger as a table for people.
#include <fmt/format.h>

#include <ostream>

#include "base/text.h"
#include "base/utf8.h"
#include "joulery/report.h"
#include "report/number.h"
#include "report/text_table.h"

namespace joulery {
namespace {

std::string state_of(const RunSummary& run) {
  if (run.running) return "running";
  if (run.signal) return fmt::format("signal {}", *run.signal);
  if (run.exit_status) return fmt::format("exit {}", *run.exit_status);
  if (run.origin != "run") return "import";
  return "cut off";
}

// Each in its own unit: the runs of a project span orders of magnitude.
std::string energy_of(const RunSummary& run) {
  if (!run.it_energy) return "-";
  const Scale scale = energy_scale(run.it_energy.value->count());
  const std::string energy = plus_minus(as_number(run.it_energy, scale.factor), scale.name);
  return run.excludes.empty() ? energy : ">= " + energy;
}

std::string carbon_of(const RunSummary& run) {
  if (!run.carbon) return "-";
  const Scale scale = carbon_scale(run.carbon.value->count());
  return rounded(as_number(run.carbon, scale.factor)) + " " + scale.name;
}

}  // namespace

void write_runs_text(const Ledger::Listing& listing, std::ostream& out) {
  TextTable table({"run", "begin", "duration", "IT energy", "CO2e", "state", "name"},
                  {Align::kLeft, Align::kLeft, Align::kRight, Align::kRight, Align::kRight,
                   Align::kLeft, Align::kLeft});
  bool bounds = false;
  for (const RunSummary& run : listing.runs) {
    bounds = bounds || (run.it_energy && !run.excludes.empty());
    const std::string& label = run.name.empty() ? run.command : run.name;
    table.add({printable(run.id), format_time(run.begin).substr(0, 10),
               run.duration ? format_duration(*run.duration.value) : "-", energy_of(run),
               carbon_of(run), state_of(run), printable(label)});
  }
  if (listing.runs.empty())
    out << "No runs yet. Measure one: joulery run -- CMD\n";
  else
    table.write(out, 0);
  if (bounds) out << "\n>=: a lower bound, since some parts of the machine could not be seen.\n";
  for (const std::string& problem : listing.problems)
    write_paragraph(out, "unreadable: ", printable(problem));
}

}  // namespace joulery
