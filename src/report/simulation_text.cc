// report: a simulation for people: two tables a place and slack, and one over all of them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ostream>

#include "base/text.h"
#include "base/utf8.h"
#include "joulery/report.h"
#include "report/number.h"
#include "report/simulation_rows.h"
#include "report/text_table.h"
#include "report/totals_text.h"

namespace joulery {
namespace {

std::string short_number(double value) {
  return three_digits(Estimate<double>::of(value, 0, Evidence::kModelled));
}
std::string hours(Seconds time) { return short_number(time.count() / 3600); }
std::string signed_percent(double share) { return format_fixed(100 * share, 1) + " %"; }
std::string name(const std::string& text) { return shortened(printable(text), 40); }

std::string mean_text(const Spread& spread) {
  return spread.count > 0 ? saved_percent(100 * spread.mean, 100 * spread.u) : "-";
}
/// "5.6 to 7.1 %".
std::string range(const Spread& spread) {
  return fmt::format("{} to {}", format_fixed(100 * spread.least, 1), signed_percent(spread.most));
}

TextTable table_of(std::vector<std::string> heads) {
  std::vector<Align> aligns(heads.size(), Align::kRight);
  aligns[0] = Align::kLeft;
  return {std::move(heads), std::move(aligns)};
}

/// Tables of one place and slack.
class CaseText {
 public:
  CaseText(const Simulation& simulation, const SimulationCase& held, std::ostream& out)
      : simulation_(simulation),
        held_(held),
        rows_(policy_rows(held, simulation.request.objective)),
        energy_(energy_scale(held.now.sums.site_energy.count())),
        carbon_(carbon_scale(held.now.sums.carbon.count())),
        out_(out) {}

  void write() {
    write_title();
    write_used();
    write_seeds();
    write_uncertainty();
    write_waited();
    write_resumes();
  }

 private:
  /// "-" where it is not known.
  static std::string cell(double value, const Estimate<double>& one, double factor) {
    return three_digits(scaled(sum_of(value, one), factor));
  }

  void write_title() {
    out_ << '\n';
    write_paragraph(out_, "",
                    fmt::format("{}, slack {}", name(held_.place), format_duration(held_.slack)));
    std::string sources;
    for (const std::string& source : held_.sources)
      sources += (sources.empty() ? "" : "; ") + shortened(printable(source), 60);
    const std::string kind = held_.kind.empty() ? "of a kind that is not told" : held_.kind;
    write_paragraph(out_, "  ", fmt::format("intensity {}; {}", printable(kind), sources));
    std::vector<std::string> errors;
    for (const auto& [seed, mape] : held_.forecast_mape)
      errors.push_back(fmt::format("seed {}: {}", seed, signed_percent(mape)));
    if (!errors.empty())
      write_paragraph(out_, "  ",
                      fmt::format("mean absolute error of forecasts, {}", fmt::join(errors, ", ")));
  }

  void write_used() {
    const SumsBasis& basis = held_.basis;
    const bool cost = bool(basis.cost);
    const bool idle = held_.now.idle.has_value();
    std::vector<std::string> heads{
        "policy",    std::string("carbon, ") + carbon_.name, "saved",
        "of oracle", std::string("IT, ") + energy_.name,     std::string("site, ") + energy_.name};
    if (cost) heads.push_back(shortened(printable(held_.currency), 5));
    if (idle) heads.push_back(std::string("idle, ") + (basis.carbon ? carbon_ : energy_).name);
    TextTable table = table_of(std::move(heads));
    for (const PolicyRow& row : rows_) {
      const SimulationSums& sums = row.mean.sums;
      std::vector<std::string> cells{
          std::string(name_of(row.mean.policy)),
          cell(sums.carbon.count(), basis.carbon, carbon_.factor),
          mean_text(row.saved),
          row.of_oracle ? signed_percent(*row.of_oracle) : "-",
          cell(sums.it_energy.count(), basis.it_energy, energy_.factor),
          cell(sums.site_energy.count(), basis.site_energy, energy_.factor)};
      if (cost) cells.push_back(cell(sums.cost->count(), basis.cost, 1));
      if (idle) cells.push_back(idle_cell(*row.mean.idle));
      table.add(std::move(cells));
    }
    table.write(out_, 2);
  }

  /// Of devices without a job: carbon, or the energy of IT where that is not known.
  [[nodiscard]] std::string idle_cell(const SimulationSums& idle) const {
    const SumsBasis& basis = held_.idle_basis;
    return basis.carbon ? cell(idle.carbon.count(), basis.carbon, carbon_.factor)
                        : cell(idle.it_energy.count(), basis.it_energy, energy_.factor);
  }

  /// Means of several runs stand in the table: what these range over.
  void write_seeds() const {
    std::vector<std::string> ranges;
    for (const PolicyRow& row : rows_)
      if (row.saved.count > 1)
        ranges.push_back(fmt::format("{} {}", name_of(row.mean.policy), range(row.saved)));
    if (!ranges.empty())
      write_paragraph(out_, "  ",
                      fmt::format("saved, over the seeds: {}.", fmt::join(ranges, "; ")));
  }

  void write_uncertainty() const {
    std::vector<std::string> shares;
    const auto add = [&](const char* what, const Estimate<double>& one) {
      if (one) shares.push_back(fmt::format("{} {:.2g} %", what, 200 * one.u));
    };
    add("IT energy", held_.basis.it_energy);
    add("site energy", held_.basis.site_energy);
    add("carbon", held_.basis.carbon);
    add("cost", held_.basis.cost);
    write_paragraph(
        out_, "  ± ",
        fmt::format("of these (k = 2, about 95 %; all modelled): {}; what is saved has only what "
                    "does not move both runs alike.",
                    fmt::join(shares, ", ")));
  }

  void write_waited() {
    out_ << '\n';
    TextTable table = table_of({"policy", "wait, h", "p95", "queue, h", "stretch", "p95", "late",
                                "in use", "peak", "queued"});
    for (const PolicyRow& row : rows_) {
      const PolicyRun& run = row.mean;
      table.add({std::string(name_of(run.policy)), hours(run.mean_wait), hours(run.p95_wait),
                 hours(run.mean_queue), short_number(run.mean_stretch),
                 short_number(run.p95_stretch), fmt::format("{}", run.late),
                 short_number(run.mean_devices), short_number(run.peak_devices),
                 fmt::format("{}", run.peak_queue)});
    }
    table.write(out_, 2);
  }

  void write_resumes() {
    for (const PolicyRow& row : rows_)
      if (row.mean.policy == Shift::kCapsByHour && simulation_.request.cap)
        write_paragraph(out_, "  ",
                        fmt::format("caps-by-hour: {} jobs may be capped at {}; the slack of the "
                                    "others would not hold it, or they have no GPU.",
                                    row.mean.may_cap, simulation_.request.cap->cap));
    for (const PolicyRow& row : rows_)
      if (row.mean.resumes > 0)
        write_paragraph(
            out_, "  ",
            fmt::format("{}: {} resumes, {} per 100 jobs, which add {} {} of IT energy.",
                        name_of(row.mean.policy), row.mean.resumes,
                        short_number(100 * static_cast<double>(row.mean.resumes) /
                                     static_cast<double>(simulation_.jobs)),
                        short_number(row.mean.resume_energy.count() * energy_.factor),
                        energy_.name));
  }

  const Simulation& simulation_;
  const SimulationCase& held_;
  const std::vector<PolicyRow> rows_;
  const Scale energy_, carbon_;
  std::ostream& out_;
};

std::string objective_text(ShiftObjective objective) {
  if (objective == ShiftObjective::kCarbon) return "carbon (intensity x PUE)";
  return objective == ShiftObjective::kEnergy ? "site energy (PUE)" : "cost (price x PUE)";
}

void write_head(const Simulation& simulation, std::ostream& out) {
  const SimulationRequest& request = simulation.request;
  const std::string devices = request.capacity
                                  ? fmt::format("{:.6g} {} (queue: {})", *request.capacity,
                                                simulation.unit, name_of(request.queue))
                                  : fmt::format("as many {} as are needed", simulation.unit);
  write_paragraph(out, "",
                  fmt::format("{} jobs of {}, {} to {}, on {}", simulation.jobs,
                              shortened(printable(simulation.source), 60),
                              format_time(simulation.begin).substr(0, 10),
                              format_time(simulation.end).substr(0, 10), devices));
  write_paragraph(out, "",
                  fmt::format("made small: {}; saved: against running now on the same devices; "
                              "oracle: the future known, devices enough.",
                              objective_text(request.objective)));
  if (request.forecast_error == 0) {
    write_paragraph(out, "", "forecast: perfect, the truth itself. Nobody has such a one.");
  } else {
    const std::string size = short_number(100 * request.forecast_error);
    const std::string error =
        request.forecast_memory.count() > 0
            ? fmt::format("an error that grows from 0 at the release to {} % and lasts for {}",
                          size, format_duration(request.forecast_memory))
            : fmt::format("a white error of {} %", size);
    write_paragraph(out, "", fmt::format("forecast: the truth with {}.", error));
  }
}

void write_saved(const Simulation& simulation, std::ostream& out) {
  if (simulation.cases.size() < 2) return;
  out << "\nsaved, over all places and seeds\n";
  TextTable table = table_of({"policy", "slack", "mean", "least", "most"});
  for (const SavedRow& row : saved_rows(simulation)) {
    if (row.policy == Shift::kRunNow || row.saved.count == 0) continue;
    table.add({std::string(name_of(row.policy)), format_duration(row.slack), mean_text(row.saved),
               signed_percent(row.saved.least), signed_percent(row.saved.most)});
  }
  table.write(out, 2);
}

void write_missing(const Simulation& simulation, std::ostream& out) {
  // Constants and series but that of the intensity are those of all places.
  const SumsBasis& basis = simulation.cases.front().basis;
  MissingList missing;
  missing.note("site energy", bool(basis.site_energy), basis.site_energy.why);
  missing.note("carbon", bool(basis.carbon), basis.carbon.why);
  missing.note("cost", bool(basis.cost), basis.cost.why);
  missing.write(out);
}

}  // namespace

void write_simulation_text(const Simulation& simulation, std::ostream& out) {
  write_head(simulation, out);
  for (const SimulationCase& held : simulation.cases) CaseText(simulation, held, out).write();
  write_saved(simulation, out);
  write_missing(simulation, out);
  if (!simulation.notes.empty()) out << '\n';
  for (const std::string& note : simulation.notes) write_paragraph(out, "- ", printable(note));
}

}  // namespace joulery
