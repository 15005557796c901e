// sensor: a hardware counter that starts again from 0, made into one that does not (powercap).
#pragma once

#include <cstdint>

#include "joulery/units.h"

namespace joulery {

/// Undoes one wrap, never more: after a pause in which the counter could have gone round at
/// max_power, the steps in between are unknown, and the answer says so instead of guessing. A
/// failed read is simply no advance().
class WrapCounter {
 public:
  /// `range`: the highest value of the counter, in microjoules. `max_power`: more than the hardware
  /// ever draws.
  WrapCounter(std::uint64_t range, Watts max_power) : range_(range), max_power_(max_power) {}

  struct Step {
    double joules;  ///< since the first advance(), plus its value
    bool restart;   ///< what happened before this is unknown: a pause too long, or a counter that
                    ///< was reset
  };
  Step advance(std::uint64_t now_uj, Instant time);

  /// How often it must be read: an eighth of the time in which it can go round, and at most 10 s,
  /// so that several reads in a row may fail without loss.
  [[nodiscard]] Seconds longest_pause() const;

 private:
  [[nodiscard]] bool known(std::uint64_t now_uj, Seconds pause) const;

  std::uint64_t range_;
  Watts max_power_;
  std::uint64_t last_ = 0;
  std::uint64_t total_ = 0;
  Instant last_time_;
  bool started_ = false;
};

}  // namespace joulery
