// report: choices among power caps as text, see choice_text.h.
#include "report/choice_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ostream>

#include "base/text.h"
#include "report/number.h"
#include "report/text_table.h"

namespace joulery {
namespace {

Estimate<double> estimate_of(double pct, const Change& change) {
  return Estimate<double>::of(pct, change.u_pct.value_or(0), Evidence::kMeasured);
}

std::string cap_text(const CapPoint& point) { return fmt::format("{:g} W", point.cap.count()); }

bool is_compared(const CapPoint& point) { return point.time_change.has_value() || point.baseline; }

std::string four_digits(double value) { return fmt::format("{:.4g}", value); }

struct TimeUnit {
  const char* name;
  double seconds;
};
TimeUnit time_unit(Seconds time) {
  if (time < std::chrono::minutes(5)) return {"s", 1};
  return time < std::chrono::hours(5) ? TimeUnit{"min", 60} : TimeUnit{"h", 3600};
}

std::string remark_of(const CapChoice& choice, std::size_t i) {
  const CapPoint& point = choice.points[i];
  std::string text;
  const auto add = [&](bool so, const std::string& what) {
    if (so) text += (text.empty() ? "" : ", ") + what;
  };
  add(choice.recommended == i, "recommended");
  add(point.baseline, "found");
  add(point.failed > 0, fmt::format("{} failed", point.failed));
  add(point.unequal, "unequal work");
  add(!point.obeyed, "not obeyed");
  add(point.inert, "never bound");
  return text;
}

std::vector<std::string> cells_of(const CapChoice& choice, std::size_t i, TimeUnit time,
                                  Scale energy) {
  const CapPoint& point = choice.points[i];
  const bool seen = is_compared(point);
  const auto plain = [](const std::optional<double>& value) {
    return value ? fmt::format("{:.0f}", *value) : "-";
  };
  const std::string none = "-";
  return {cap_text(point),
          seen ? four_digits(point.time.count() / time.seconds) : none,
          seen ? four_digits(point.energy.count() * energy.factor) : none,
          point.baseline ? "" : change_text(point.time_change),
          point.baseline ? "" : change_text(point.energy_change),
          point.throttle_share ? percent(*point.throttle_share) : none,
          plain(point.temperature_c),
          plain(point.clock_mhz),
          std::to_string(point.trials),
          remark_of(choice, i)};
}

// 100 % is 50 columns; what is longer than 150 % is cut, and its number stands beside it.
void write_bar(std::ostream& out, const std::string& label, const std::string& what,
               const std::optional<Change>& change) {
  constexpr std::size_t kWhole = 45;
  constexpr std::size_t kLongest = 65;
  std::string bar(kLongest, ' ');
  const double relative = 1 + (change ? change->pct / 100 : 0);
  const auto length = std::clamp(std::lround(relative * kWhole), 0L, static_cast<long>(kLongest));
  std::fill_n(bar.begin(), length, '#');
  if (relative * kWhole > static_cast<double>(kLongest)) bar.back() = '>';
  bar[kWhole] = '|';
  out << fmt::format("{:>8}  {:<6} {} {}\n", label, what, bar, relative_text(change));
}

}  // namespace

std::string change_text(const std::optional<Change>& change) {
  if (!change) return "-";
  const std::string text = plus_minus(estimate_of(change->pct, *change), "%");
  return change->pct > 0 ? "+" + text : text;
}

std::string relative_text(const std::optional<Change>& change) {
  if (!change) return "-";
  return plus_minus(estimate_of(100 + change->pct, *change), "%");
}

void write_choice_table(const CapChoice& choice, std::ostream& out) {
  using Align = TextTable::Align;
  const CapPoint& baseline = choice.points[choice.baseline];
  const TimeUnit time = time_unit(baseline.time);
  const Scale energy = energy_scale(baseline.energy.count());
  TextTable table({"cap", fmt::format("time {}", time.name), fmt::format("energy {}", energy.name),
                   "time change", "energy change", "throttled", "\u00b0C", "MHz", "runs", ""},
                  {Align::kRight, Align::kRight, Align::kRight, Align::kRight, Align::kRight,
                   Align::kRight, Align::kRight, Align::kRight, Align::kRight, Align::kLeft});
  for (std::size_t i = 0; i < choice.points.size(); ++i)
    table.add(cells_of(choice, i, time, energy));
  table.write(out, 0);
}

void write_choice_bars(const CapChoice& choice, std::ostream& out) {
  for (const CapPoint& point : choice.points) {
    if (point.baseline || !point.time_change) continue;
    write_bar(out, cap_text(point), "time", point.time_change);
    write_bar(out, "", "energy", point.energy_change);
  }
}

std::string recommendation_text(const CapChoice& choice) {
  if (!choice.recommended) return "no recommendation: nothing can be compared";
  const CapPoint& point = choice.points[*choice.recommended];
  if (point.baseline)
    return fmt::format("recommended: keep the limit that was found, {}", cap_text(point));
  std::string text = fmt::format("recommended: {}: time {}, energy {}", cap_text(point),
                                 change_text(point.time_change), change_text(point.energy_change));
  if (choice.has_node && point.device_energy_change)
    text += fmt::format(" (of the devices alone {})", change_text(point.device_energy_change));
  return text;
}

}  // namespace joulery
