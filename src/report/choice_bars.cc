// report: relative time and energy over power caps, as bars of a terminal.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ostream>

#include "report/choice.h"
#include "report/number.h"

namespace joulery {
namespace {

// 100 % is 45 columns; what is longer than 65 is cut, and its number stands beside it.
void write_bar(std::ostream& out, const std::string& label, const std::string& what,
               const std::optional<Change>& change) {
  constexpr std::size_t kWhole = 45;
  constexpr std::size_t kLongest = 65;
  std::string bar(kLongest, ' ');
  const double columns = (1 + (change ? change->pct / 100 : 0)) * kWhole;
  const double shown = std::clamp(columns, 0.0, static_cast<double>(kLongest));
  std::fill_n(bar.begin(), std::lround(shown), '#');
  if (columns > static_cast<double>(kLongest)) bar.back() = '>';
  bar[kWhole] = '|';
  out << fmt::format("{:>8}  {:<6} {} {}\n", label, what, bar, relative_percent(change));
}

}  // namespace

std::string relative_percent(const std::optional<Change>& change) {
  if (!change) return "-";
  const double relative = 100 + change->pct;
  if (!change->u_pct || *change->u_pct == 0) return fmt::format("{:.1f} %", relative);
  return plus_minus(Estimate<double>::of(relative, *change->u_pct, Evidence::kIntegrated), "%");
}

void write_choice_bars(const CapChoice& choice, std::ostream& out) {
  for (const CapPoint& point : choice.points) {
    if (point.baseline || !point.time_change) continue;
    write_bar(out, fmt::format("{:.4g} W", point.cap.count()), "time", point.time_change);
    write_bar(out, "", "energy", point.energy_change);
  }
}

}  // namespace joulery
