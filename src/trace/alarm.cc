// trace: a thread sleeps until a moment or until another thread rings, see alarm.h.
#include "trace/alarm.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"

namespace joulery {
namespace {

static_assert(sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t));

timespec to_timespec(Instant time) {
  const std::int64_t us = time.time_since_epoch().count();
  return {.tv_sec = us / 1'000'000, .tv_nsec = us % 1'000'000 * 1'000};
}

}  // namespace

// A wait with a bit set takes an absolute time on CLOCK_MONOTONIC, see futex(2).
bool Alarm::wait_until(Instant deadline) {
  const timespec until = to_timespec(deadline);
  while (rung_.exchange(0, std::memory_order_acquire) == 0) {
    if (monotonic_now() >= deadline) return false;
    ::syscall(SYS_futex, &rung_, FUTEX_WAIT_BITSET_PRIVATE, 0, &until, nullptr,
              FUTEX_BITSET_MATCH_ANY);
  }
  return true;
}

void Alarm::ring() {
  rung_.store(1, std::memory_order_release);
  ::syscall(SYS_futex, &rung_, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

}  // namespace joulery
