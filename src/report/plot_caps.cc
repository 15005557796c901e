// report: relative time and energy at each cap as a picture, in the form of Figure 1 of arXiv
// 2205.09646.
#include <fmt/format.h>

#include <algorithm>

#include "joulery/report.h"
#include "report/gnuplot.h"
#include "report/job_key.h"
#include "report/number.h"
#include "report/picture.h"

namespace joulery {
namespace {

constexpr std::size_t kMostPanels = 6;

/// A block: a header with the names of the bars, then a row a cap: its name, time, its error,
/// energy, its error.
std::string block_of(const Recommendation& job) {
  const std::string label = gnuplot_label(key_values(job.key, ", "));
  std::string data =
      fmt::format("\"cap\" \"time{}{}\" \"\" \"energy\" \"\"\n", label.empty() ? "" : ": ", label);
  for (std::size_t i = 0; i < job.choice.points.size(); ++i) {
    const CapPoint& point = job.choice.points[i];
    if (!point.time_change || !point.energy_change) continue;
    data += fmt::format(
        "\"{:.4g} W{}\" {} {} {} {}\n", point.cap.count(), job.choice.recommended == i ? " *" : "",
        100 + point.time_change->pct, kCoverageFactor * point.time_change->u_pct.value_or(0),
        100 + point.energy_change->pct, kCoverageFactor * point.energy_change->u_pct.value_or(0));
  }
  return data + "\n\n";
}

std::string script_of(std::size_t panels, const std::string& terminal) {
  const std::size_t columns = panels > 2 ? 2 : panels;
  std::string script = fmt::format(
      "set terminal {}\nset output 'picture'\nset encoding utf8\nset datafile separator "
      "whitespace\n"
      "set style data histograms\nset style histogram errorbars gap 1.5 linewidth 1\n"
      "set style fill solid 0.8 border\nset bars 0.6\nset boxwidth 0.9\n"
      "set yrange [0:*]\nset ylabel 'percent of the baseline'\nset grid y\nset key above\n"
      "set border 3\nset tics nomirror out\nset xlabel 'power cap (* recommended)'\n"
      "set multiplot layout {},{}\n",
      terminal, (panels + columns - 1) / columns, columns);
  for (std::size_t i = 0; i < panels; ++i)
    script += fmt::format(
        "plot 'data' index {0} using 2:3:xtic(1) linecolor rgb '#4477aa' title columnheader(2), "
        "'data' index {0} using 4:5 linecolor rgb '#ee7733' title columnheader(4), "
        "100 with lines linecolor rgb 'black' linewidth 1.5 notitle\n",
        i);
  return script + "unset multiplot\n";
}

}  // namespace

Result<void> plot_caps(const std::vector<Recommendation>& jobs, const std::string& path) {
  JOULERY_TRY(const std::string terminal, terminal_of(path));
  if (jobs.empty() || jobs.size() > kMostPanels)
    return Error{
        ErrorCode::kUsage,
        fmt::format("--plot: a picture has room for 1 to {} jobs, not {}; --by names fewer "
                    "columns",
                    kMostPanels, jobs.size())};
  std::string data;
  for (const Recommendation& job : jobs) {
    const auto& points = job.choice.points;
    if (std::none_of(points.begin(), points.end(),
                     [](const CapPoint& point) { return point.time_change.has_value(); }))
      return Error{ErrorCode::kInvalid, "--plot: no cap can be compared with the baseline"};
    data += block_of(job);
  }
  JOULERY_TRY(const std::string picture, run_gnuplot({script_of(jobs.size(), terminal), data}));
  return write_picture(path, picture);
}

}  // namespace joulery
