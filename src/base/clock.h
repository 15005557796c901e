// base: the clocks. Code that needs the time takes a Clock, so that tests can own it.
#pragma once

#include "joulery/units.h"

namespace joulery {

Instant monotonic_now();
WallTime wall_now();

}  // namespace joulery
