// slurm: the moments of made plans, for tests.
#pragma once

#include <cstdint>

#include "joulery/units.h"

namespace joulery {

/// Seconds from 1970-01-01T00:00Z on.
inline WallTime at(double seconds) {
  return WallTime(Micros(static_cast<std::int64_t>(seconds * 1e6)));
}

}  // namespace joulery
