// pue: time cut into the hours of a civil clock.
#pragma once

#include <chrono>
#include <functional>
#include <vector>

#include "joulery/units.h"

namespace joulery {

/// Of a civil clock from UTC at a time: TimeZone::offset_at(), or a made one in tests.
using ClockOffset = std::function<std::chrono::seconds(WallTime)>;

/// A stretch in which the civil clock shows one hour at one offset: 60 minutes, or less where the
/// clock is set within it.
struct CivilHour {
  WallTime begin{}, end{};
  std::chrono::seconds offset{};

  [[nodiscard]] std::chrono::local_days day() const {
    return std::chrono::local_days(
        std::chrono::floor<std::chrono::days>((begin + offset).time_since_epoch()));
  }
};

/// All hours of the civil days in which something of [begin, end) lies, in order, without gaps.
std::vector<CivilHour> civil_hours(WallTime begin, WallTime end, const ClockOffset& offset_at);

}  // namespace joulery
