// report: power over time as a picture, in the form of Figure 6 of arXiv 2205.09646.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <iterator>
#include <utility>

#include "base/file.h"
#include "joulery/report.h"
#include "report/gnuplot.h"
#include "report/power_series.h"
#include "report/sample_text.h"

namespace joulery {
namespace {

struct Terminal {
  const char* suffix;
  const char* command;
};
constexpr std::array kTerminals = {
    Terminal{".svg", "svg size 900,500 noenhanced background rgb 'white'"},
    Terminal{".pdf", "pdfcairo size 18cm,10cm noenhanced"},
    Terminal{".png", "pngcairo size 1200,670 noenhanced"},
};

Result<Terminal> terminal_for(const std::string& path) {
  for (const Terminal& terminal : kTerminals)
    if (path.ends_with(terminal.suffix)) return terminal;
  return Error{ErrorCode::kUsage, "--plot " + path + ": the name must end in .svg, .pdf or .png"};
}

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

std::string script_of(const Curves& all, TimeUnit unit, const Terminal& terminal) {
  std::string script = fmt::format(
      "set terminal {}\nset output 'picture'\nset encoding utf8\nset datafile separator "
      "whitespace\n"
      "set xlabel 'time since the begin ({})'\nset ylabel 'power, means over {:.3g} s (W)'\n"
      "set yrange [0:*]\nset grid\nset key above\nset border 3\nset tics nomirror out\nplot ",
      terminal.command, unit.name, all.step.count());
  for (std::size_t i = 0; i < all.curves.size(); ++i)
    script +=
        fmt::format("{}'data' index {} using 1:2 with lines linewidth 1.5 title columnheader(1)",
                    i == 0 ? "" : ", ", i);
  return script + "\n";
}

// No draft: `path` may be a pipe, and a caller who wants all or nothing names a draft.
Result<void> write_picture(const std::string& path, const std::string& picture) {
  FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!file) return errno_error(path, "create", errno);
  JOULERY_CHECK(write_all(file.get(), picture, path));
  if (::close(file.release()) != 0) return errno_error(path, "close", errno);
  return {};
}

}  // namespace

Result<void> check_plot_name(const std::string& path) {
  JOULERY_CHECK(terminal_for(path));
  return {};
}

Result<void> plot_power(const std::vector<const StoredRun*>& runs, const std::string& path) {
  JOULERY_TRY(const Terminal terminal, terminal_for(path));
  JOULERY_TRY(const Curves all, collect(runs));
  const TimeUnit unit = time_unit(all.length().count());
  JOULERY_TRY(const std::string picture,
              run_gnuplot({script_of(all, unit, terminal), data_of(all, unit)}));
  return write_picture(path, picture);
}

}  // namespace joulery
