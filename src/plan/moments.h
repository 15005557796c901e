// plan: moments and lengths that can be added and subtracted without overflow.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>

#include "joulery/units.h"

namespace joulery::plan {

/// A choice: some 9,500 years about 1970, more than any calendar of four digits.
inline constexpr WallTime kLastMoment{Micros(300'000'000'000'000'000)};

inline bool is_moment(WallTime time) {
  return time <= kLastMoment && time.time_since_epoch() >= -kLastMoment.time_since_epoch();
}

/// To the nearest microsecond; lengths beyond all calendars are cut.
inline Micros micros(Seconds length) {
  const double count = std::round(length.count() * 1e6);
  const auto most = static_cast<double>(kLastMoment.time_since_epoch().count());
  return Micros(static_cast<Micros::rep>(std::clamp(count, -most, most)));
}

}  // namespace joulery::plan
