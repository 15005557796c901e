// report: devices in use over a week under several policies, beside what they shift by.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "joulery/report.h"
#include "report/gnuplot.h"
#include "report/picture.h"
#include "report/sample_text.h"

namespace joulery {
namespace {

constexpr std::size_t kHoursOfWeek = 168;  // hours
// As many as can be told apart; colours of Okabe and Ito, for all kinds of sight.
constexpr std::array kPolicyColours = {"#000000", "#0072b2", "#d55e00", "#009e73"};

const SimulationCase& longest_slack_of_first_place(const Simulation& simulation) {
  const SimulationCase* best = &simulation.cases.front();
  for (const SimulationCase& held : simulation.cases)
    if (held.place == best->place && held.slack > best->slack) best = &held;
  return *best;
}

/// One run a policy, the first seed.
std::vector<const PolicyRun*> curves_of(const SimulationCase& held) {
  std::vector<const PolicyRun*> curves;
  for (const PolicyRun& run : held.runs)
    if (curves.size() < kPolicyColours.size() &&
        (curves.empty() || curves.back()->policy != run.policy))
      curves.push_back(&run);
  return curves;
}

/// The first hour of the week in which running now uses most.
std::size_t busiest_week(const std::vector<double>& devices) {
  double sum = 0, most = -1;
  std::size_t best = 0;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    sum += devices[i] - (i >= kHoursOfWeek ? devices[i - kHoursOfWeek] : 0);
    if (sum <= most) continue;
    most = sum;
    best = i + 1 - std::min(i + 1, kHoursOfWeek);
  }
  return best;
}

void add_curve(const std::string& name, const std::vector<double>& values, std::size_t first,
               double factor, std::string& data) {
  data += "\"" + gnuplot_label(name) + "\" \"x\"\n";
  for (std::size_t i = first; i < std::min(values.size(), first + kHoursOfWeek); ++i) {
    append_number(data, static_cast<double>(i - first) / 24);
    data += ' ';
    append_number(data, values[i] * factor);
    data += '\n';
  }
  data += "\n\n";
}

struct Axis {
  const char* name;
  double factor;
};
Axis axis_of(ShiftObjective objective) {
  if (objective == ShiftObjective::kCarbon)
    return {"carbon of IT energy (g/kWh)", kJoulesPerKilowattHour};
  if (objective == ShiftObjective::kEnergy) return {"PUE", 1};
  return {"cost of IT energy (money/kWh)", kJoulesPerKilowattHour};
}

}  // namespace

Result<void> plot_simulation(const Simulation& simulation, const std::string& path) {
  JOULERY_TRY(const std::string terminal, terminal_of(path));
  const SimulationCase& held = longest_slack_of_first_place(simulation);
  if (held.now.hourly_devices.empty())
    return Error{ErrorCode::kUsage, "--plot: the simulation kept no hours"};
  const std::size_t first = busiest_week(held.now.hourly_devices);
  const Axis axis = axis_of(simulation.request.objective);
  const std::vector<const PolicyRun*> curves = curves_of(held);
  std::string data;
  add_curve(axis.name, held.hourly_objective, first, axis.factor, data);
  for (const PolicyRun* run : curves)
    add_curve(std::string(name_of(run->policy)), run->hourly_devices, first, 1, data);
  const WallTime begin = simulation.begin + std::chrono::hours(first);
  std::string script = fmt::format(
      "set terminal {}\nset output 'picture'\nset encoding utf8\nset datafile separator "
      "whitespace\nset xlabel 'days from {} UTC'\nset ylabel '{} in use, means of an hour'\n"
      "set y2label '{}'\nset yrange [0:*]\nset y2range [0:*]\nset xrange [0:7]\nset grid xtics\n"
      "set key above\nset border 11\nset xtics nomirror out\nset ytics nomirror out\nset y2tics "
      "out\nplot 'data' index 0 using 1:2 axes x1y2 with fillsteps fillstyle solid 0.25 noborder "
      "linecolor rgb 'gray50' title columnheader(1)",
      terminal, format_time(begin).substr(0, 16), simulation.unit, axis.name);
  for (std::size_t i = 1; i <= curves.size(); ++i)
    script += fmt::format(
        ", 'data' index {} using 1:2 with steps linewidth 1.7 linecolor rgb '{}' title "
        "columnheader(1)",
        i, kPolicyColours[i - 1]);
  JOULERY_TRY(const std::string picture, run_gnuplot({script + "\n", data}));
  return write_picture(path, picture);
}

}  // namespace joulery
