// report: sweeps over power caps for people.
#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "base/utf8.h"
#include "joulery/report.h"
#include "report/choice.h"
#include "report/grid_means.h"
#include "report/number.h"
#include "report/text_table.h"

namespace joulery {
namespace {

std::string key_text(const Sweep& sweep) {
  std::string text;
  for (const auto& [name, value] : sweep.key)
    text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, value);
  return printable(text);
}

std::string work_text(const Sweep& sweep) {
  if (!sweep.equal_work) return "not all runs did equal work";
  return "equal work by " + (sweep.equal_work_by.empty() ? "exit status" : sweep.equal_work_by);
}

void write_head(const Sweep& sweep, std::ostream& out) {
  const std::string model = sweep.devices.empty() ? "" : sweep.devices[0].model;
  write_paragraph(
      out, "",
      fmt::format("sweep {}{}: {} of {} runs on {} {}; found at {:g} W; {}", sweep.id,
                  sweep.key.empty() ? "" : " (" + key_text(sweep) + ")", sweep.runs.size(),
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
      write(fmt::format("{} at {:g} W: {}", run.id.empty() ? "run" : run.id, run.trial.cap.count(),
                        note));
  if (sweep.interrupted)
    write(fmt::format("ended by signal {}; --resume goes on where it stopped", *sweep.interrupted));
  if (sweep.given_back) write("NOT GIVEN BACK: " + sweep.given_back->message);
}

/// What the machine did at each cap.
void write_conditions(const CapChoice& choice, std::ostream& out) {
  using Align = TextTable::Align;
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

using Wanted = std::optional<Change> CapPoint::*;

// As many caps side by side as 100 columns hold.
constexpr std::size_t kCapsInATable = 4;

void write_relative(const std::vector<Sweep>& sweeps, const std::vector<GridMean>& means,
                    std::size_t first, Wanted wanted, std::ostream& out) {
  const std::size_t last = std::min(first + kCapsInATable, means.size());
  std::vector<std::string> heads{""};
  std::vector<TextTable::Align> aligns{TextTable::Align::kLeft};
  std::vector<std::string> mean_cells{"mean"};
  for (std::size_t i = first; i < last; ++i) {
    heads.push_back(fmt::format("{:g} W", means[i].cap.count()));
    aligns.push_back(TextTable::Align::kRight);
    const bool is_time = wanted == &CapPoint::time_change;
    mean_cells.push_back(relative_percent(is_time ? means[i].time : means[i].energy));
  }
  TextTable table(std::move(heads), std::move(aligns));
  for (const Sweep& sweep : sweeps) {
    std::vector<std::string> cells{shortened_path(key_text(sweep), 24)};
    for (std::size_t i = first; i < last; ++i) {
      const CapPoint* const point = find_point(sweep, means[i].cap);
      cells.push_back(point == nullptr ? "-" : relative_percent(point->*wanted));
    }
    table.add(std::move(cells));
  }
  table.add(std::move(mean_cells));
  table.write(out, 0);
}

void write_grid(const std::vector<Sweep>& sweeps, std::ostream& out) {
  const std::vector<GridMean> means = grid_means(sweeps);
  for (const auto& [what, wanted] : {std::pair<const char*, Wanted>{"time", &CapPoint::time_change},
                                     {"energy", &CapPoint::energy_change}}) {
    for (std::size_t first = 0; first < means.size(); first += kCapsInATable) {
      out << "\nrelative " << what << ", the limit that was found is 100 %\n";
      write_relative(sweeps, means, first, wanted, out);
    }
  }
}

}  // namespace

void write_sweep_text(const std::vector<Sweep>& sweeps, std::ostream& out) {
  for (std::size_t i = 0; i < sweeps.size(); ++i) {
    if (i > 0) out << '\n';
    write_one(sweeps[i], out);
  }
  if (sweeps.size() > 1) write_grid(sweeps, out);
}

}  // namespace joulery
