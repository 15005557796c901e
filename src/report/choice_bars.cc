// report: relative time and energy at each cap as bars for a terminal.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ostream>

#include "report/choice.h"

namespace joulery {
namespace {

constexpr double kBarColumns = 50;  // of the longest bar: with its labels it fits 100 columns

/// The place of the baseline shows in every bar: ':' where it ends before.
std::string bar_of(double pct, double longest, char fill) {
  const auto columns = [longest](double value) {
    return static_cast<std::size_t>(std::lround(kBarColumns * value / longest));
  };
  std::string bar(columns(pct), fill);
  if (bar.size() < columns(100)) {
    bar.resize(columns(100), ' ');
    bar.back() = ':';
  }
  return bar;
}

}  // namespace

void write_choice_bars(const CapChoice& choice, std::ostream& out) {
  double longest = 100;
  for (const CapPoint& point : choice.points)
    if (point.time_change)
      longest = std::max({longest, 100 + point.time_change->pct, 100 + point.energy_change->pct});
  for (const CapPoint& point : choice.points) {
    if (!point.time_change) continue;
    const double time = 100 + point.time_change->pct;
    const double energy = 100 + point.energy_change->pct;
    out << fmt::format("  {:>8}  time    {} {}\n", fmt::format("{:.4g} W", point.cap.count()),
                       bar_of(time, longest, '='), relative_percent(point.time_change));
    out << fmt::format("  {:>8}  energy  {} {}\n", "", bar_of(energy, longest, '#'),
                       relative_percent(point.energy_change));
  }
}

}  // namespace joulery
