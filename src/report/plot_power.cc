// report: power over time as a picture, in the form of Figure 6 of arXiv 2205.09646.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "joulery/report.h"
#include "report/gnuplot.h"
#include "report/picture.h"
#include "report/sample_text.h"
#include "trace/power_series.h"

namespace joulery {
namespace {

struct TimeUnit {
  const char* name;
  double seconds;
};
TimeUnit time_unit(double seconds) {
  if (seconds < 300) return {"s", 1};
  if (seconds < 3 * 3600) return {"min", 60};
  if (seconds < 4 * 86400) return {"h", 3600};
  return {"d", 86400};
}

/// The curves of a picture, all in steps of one width, so that runs can be compared.
struct Curves {
  Seconds step{0};
  std::vector<PowerCurve> curves;

  [[nodiscard]] Seconds length() const {
    std::size_t steps = 0;
    for (const PowerCurve& curve : curves) steps = std::max(steps, curve.watts.size());
    return static_cast<double>(steps) * step;
  }
};

std::string label_of(const StoredRun& run) {
  return run.job.name.empty() ? run.job.id : run.job.name;
}

Result<Curves> collect(const std::vector<const StoredRun*>& runs) {
  Curves all;
  for (const StoredRun* run : runs) all.step = std::max(all.step, power_step(*run->trace));
  for (const StoredRun* run : runs) {
    JOULERY_TRY(PowerSeries series, make_power_series(*run->trace, all.step));
    const bool parts = runs.size() == 1 && series.parts.size() > 1;
    if (runs.size() > 1)
      series.total.name = label_of(*run);
    else if (!parts)
      series.total.name = series.parts.front().name;
    all.curves.push_back(std::move(series.total));
    if (parts) std::move(series.parts.begin(), series.parts.end(), std::back_inserter(all.curves));
  }
  if (all.curves.empty()) return Error{ErrorCode::kUsage, "no run to plot"};
  return all;
}

/// One block a curve: its name, which gnuplot reads as a header, then time and power; a blank line
/// is a gap.
std::string data_of(const Curves& all, TimeUnit unit) {
  std::string data;
  for (std::size_t c = 0; c < all.curves.size(); ++c) {
    data += "\"" + gnuplot_label(all.curves[c].name) + "\" \"W\"\n";
    const std::vector<double>& watts = all.curves[c].watts;
    for (std::size_t i = 0; i < watts.size(); ++i) {
      const bool seen = std::isfinite(watts[i]);
      if (!seen && i > 0 && std::isfinite(watts[i - 1])) data += "\n";
      if (!seen) continue;
      append_number(data, (static_cast<double>(i) + 0.5) * all.step.count() / unit.seconds);
      data += ' ';
      append_number(data, watts[i]);
      data += '\n';
    }
    data += "\n\n";
  }
  return data;
}

std::string script_of(const Curves& all, TimeUnit unit, const std::string& terminal) {
  std::string script = fmt::format(
      "set terminal {}\nset output 'picture'\nset encoding utf8\nset datafile separator "
      "whitespace\n"
      "set xlabel 'time since the begin ({})'\nset ylabel 'power, means over {:.3g} s (W)'\n"
      "set yrange [0:*]\nset grid\nset key above\nset border 3\nset tics nomirror out\nplot ",
      terminal, unit.name, all.step.count());
  for (std::size_t i = 0; i < all.curves.size(); ++i)
    script +=
        fmt::format("{}'data' index {} using 1:2 with lines linewidth 1.5 title columnheader(1)",
                    i == 0 ? "" : ", ", i);
  return script + "\n";
}

}  // namespace

Result<void> plot_power(const std::vector<const StoredRun*>& runs, const std::string& path) {
  JOULERY_TRY(const std::string terminal, terminal_of(path));
  JOULERY_TRY(const Curves all, collect(runs));
  const TimeUnit unit = time_unit(all.length().count());
  JOULERY_TRY(const std::string picture,
              run_gnuplot({script_of(all, unit, terminal), data_of(all, unit)}));
  return write_picture(path, picture);
}

}  // namespace joulery
