// trace: notices when somebody sets the wall clock. Samples do not care; people who read times do.
#pragma once

#include <fmt/core.h>

#include <chrono>
#include <optional>

#include "joulery/sample.h"

namespace joulery {

class ClockWatch {
 public:
  /// Of two clocks that were read together: an event where wall time has stepped since the last
  /// call.
  std::optional<Event> look(Instant now, WallTime wall) {
    const Micros offset = wall.time_since_epoch() - now.time_since_epoch();
    const Micros step = offset - offset_.value_or(offset);
    offset_ = offset;
    if (std::chrono::abs(step) <= kNoStep) return {};
    return Event{
        .time = now,
        .kind = Event::Kind::kClockStep,
        .text = fmt::format("the wall clock was stepped by {:+.3f} s", Seconds(step).count())};
  }

 private:
  // Slewing, at most 500 ppm (adjtimex(2)), is far below this between two looks.
  static constexpr Micros kNoStep{50'000};
  std::optional<Micros> offset_;
};

}  // namespace joulery
