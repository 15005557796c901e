// report: relative time and energy over power caps of a grid as a picture, in the form of
// Figure 2 of arXiv 2205.09646.
#include <fmt/format.h>

#include <array>

#include "joulery/report.h"
#include "report/gnuplot.h"
#include "report/grid_means.h"
#include "report/job_key.h"
#include "report/number.h"
#include "report/picture.h"

namespace joulery {
namespace {

constexpr const char* kCommon =
    "set output 'picture'\nset encoding utf8\nset datafile separator whitespace\n"
    "set datafile missing '-'\nset style data histograms\n"
    "set style histogram errorbars gap 1 linewidth 1.5\nset style fill solid 0.7 border -1\n"
    "set yrange [0:*]\nset grid ytics\nset key above\nset border 3\nset tics nomirror out\n";
// Apart for the colour-blind too: "bright" of Paul Tol's colour schemes (SRON/EPS/TN/09-002, 2021).
constexpr std::array kCapColours = {"#4477aa", "#ee6677", "#228833", "#ccbb44",
                                    "#66ccee", "#aa3377", "#bbbbbb"};
// The baseline: 100 % by definition.
constexpr const char* kWhole =
    "set arrow from graph 0,first 100 to graph 1,first 100 nohead lw 2\n";

/// "VALUE U" of a change, as a percentage of the baseline.
void append_relative(std::string& data, const std::optional<Change>& change) {
  if (!change) {
    data += " - -";
    return;
  }
  data +=
      fmt::format(" {:.6g} {:.6g}", 100 + change->pct, kCoverageFactor * change->u_pct.value_or(0));
}

/// A row a combination: its name, then time and energy with their intervals at each cap.
GnuplotJob grid(const std::vector<Sweep>& sweeps, const std::string& terminal) {
  const std::vector<GridMean> means = grid_means(sweeps);
  GnuplotJob job;
  for (const Sweep& sweep : sweeps) {
    job.data += "\"" + gnuplot_label(key_values(sweep.key, " ")) + "\"";
    for (const GridMean& mean : means) {
      const CapPoint* const point = find_point(sweep, mean.cap);
      append_relative(job.data, point == nullptr ? std::nullopt : point->time_change);
      append_relative(job.data, point == nullptr ? std::nullopt : point->energy_change);
    }
    job.data += '\n';
  }
  job.script =
      fmt::format("set terminal {}\n{}{}set multiplot layout 2,1\n", terminal, kCommon, kWhole);
  for (const auto& [what, first] : {std::pair{"time", 2}, {"energy", 4}}) {
    job.script += fmt::format("set ylabel 'relative {} (%)'\nplot ", what);
    for (std::size_t i = 0; i < means.size(); ++i) {
      const int column = first + 4 * static_cast<int>(i);
      job.script += fmt::format("{}'data' using {}:{}:xtic(1) linecolor rgb '{}' title '{:g} W'",
                                i == 0 ? "" : ", ", column, column + 1,
                                kCapColours[i % kCapColours.size()], means[i].cap.count());
    }
    job.script += "\nunset key\n";
  }
  job.script += "unset multiplot\n";
  return job;
}

}  // namespace

Result<void> plot_sweep(const std::vector<Sweep>& sweeps, const std::string& path) {
  JOULERY_TRY(const std::string terminal, terminal_of(path));
  if (grid_means(sweeps).empty())
    return Error{ErrorCode::kInvalid, "--plot: no cap can be compared with the baseline"};
  if (sweeps.size() == 1)
    return plot_caps({{.key = {}, .max_slowdown = {}, .choice = *sweeps[0].choice}}, path);
  JOULERY_TRY(const std::string picture, run_gnuplot(grid(sweeps, terminal)));
  return write_picture(path, picture);
}

}  // namespace joulery
