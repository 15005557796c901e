// trace: a thread sleeps until a moment or until another thread rings.
#pragma once

#include <atomic>
#include <cstdint>

#include "joulery/units.h"

namespace joulery {

/// One thread waits, any thread rings. One system call a wait, like clock_nanosleep, but it can be
/// cut short.
class Alarm {
 public:
  /// True, taking the ring, where it was rung by `deadline`.
  bool wait_until(Instant deadline);
  void ring();

 private:
  std::atomic<std::uint32_t> rung_{0};
};

}  // namespace joulery
