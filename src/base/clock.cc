// base: the clocks, see clock.h.
#include "base/clock.h"

#include <ctime>

namespace joulery {
namespace {
Micros read_clock(clockid_t id) {
  timespec now{};
  clock_gettime(id, &now);
  return Micros(static_cast<std::int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000);
}
}  // namespace

Instant monotonic_now() { return Instant(read_clock(CLOCK_MONOTONIC)); }
WallTime wall_now() { return WallTime(read_clock(CLOCK_REALTIME)); }

}  // namespace joulery
