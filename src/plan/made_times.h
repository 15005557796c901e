// plan: the hours of made series, for tests.
#pragma once

#include <chrono>

#include "joulery/units.h"

namespace joulery {

/// Hours from 1970-01-01T00:00Z on.
inline WallTime at(int hour) { return WallTime(std::chrono::hours(hour)); }

}  // namespace joulery
