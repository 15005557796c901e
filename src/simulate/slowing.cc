// simulate: caps by the hour, see slowing.h.
#include "simulate/slowing.h"

#include <algorithm>
#include <cmath>

namespace joulery::simulate {
namespace {

Micros micros(double seconds) { return Micros(std::llround(seconds * 1e6)); }

std::vector<double> where_high(const std::vector<Level>& levels, double value, double other = 1) {
  std::vector<double> out;
  out.reserve(levels.size());
  for (const Level level : levels) out.push_back(level == Level::kHigh ? value : other);
  return out;
}

}  // namespace

Slowing::Slowing(const Signals& signals, const std::vector<Level>& levels, const CapEffect& cap,
                 Micros slack)
    : capped_(signals.with_power(where_high(levels, cap.energy / cap.time))),
      while_capped_(signals.with_power(where_high(levels, cap.energy / cap.time, 0))),
      time_(cap.time),
      energy_u_(cap.energy_u.value_or(0)),
      slack_(slack),
      speeds_(where_high(levels, 1 / cap.time)),
      work_{0} {
  for (std::size_t i = 0; i < speeds_.size(); ++i)
    work_.push_back(work_.back() +
                    speeds_[i] * Seconds(signals.begin_of(i + 1) - signals.begin_of(i)).count());
}

bool Slowing::caps(const MovableJob& job) const {
  if (job.devices <= 0) return false;
  const double seconds = Seconds(job.length).count() * (time_ - 1);
  if (seconds > Seconds(slack_).count() + 1) return false;  // and may be no number of microseconds
  const Micros longer = micros(seconds);
  return longer <= slack_ && job.release + job.length + longer <= capped_.end();
}

Micros Slowing::length_from(WallTime begin, Micros work) const {
  const std::size_t first = capped_.piece_at(begin);
  const double done =
      work_[first] + speeds_[first] * Seconds(begin - capped_.begin_of(first)).count();
  const double wanted = done + Seconds(work).count();
  if (wanted >= work_.back())
    return capped_.end() - begin + micros(std::max(0.0, wanted - work_.back()));
  const auto after = std::upper_bound(work_.begin(), work_.end(), wanted);
  const auto last = static_cast<std::size_t>(after - work_.begin()) - 1;
  return capped_.begin_of(last) - begin + micros((wanted - work_[last]) / speeds_[last]);
}

}  // namespace joulery::simulate
