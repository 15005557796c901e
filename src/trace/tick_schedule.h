// trace: the arithmetic of a sampling loop: which deadline is next, which were late or lost, how
// long reads took.
#pragma once

#include <array>
#include <cstdint>

#include "joulery/units.h"

namespace joulery {

struct TickCounts {
  std::uint64_t ticks = 0;  ///< served
  std::uint64_t late = 0;   ///< served, but later than half a period after the deadline
  std::uint64_t lost = 0;   ///< passed unserved
  Micros worst_delay{0};
};

/// Deadlines at begin, begin + period, ...: absolute, so that delays never add up.
class TickSchedule {
 public:
  TickSchedule(Instant begin, Micros period) : deadline_(begin), period_(period) {}
  [[nodiscard]] Instant deadline() const { return deadline_; }  ///< of the tick to be served next

  /// The tick was served from `woke` to `done`. The next is the newest deadline that has passed, or
  /// the first that has not; those in between are lost.
  void serve(Instant woke, Instant done);

  [[nodiscard]] const TickCounts& counts() const { return counts_; }

 private:
  Instant deadline_;
  Micros period_;
  TickCounts counts_;
};

/// Lengths of reads in a fixed table: a percentile within 1/16, without an allocation.
class ReadTimes {
 public:
  void add(Micros length);
  /// The length that the given share of the reads does not exceed; 0 where there were none.
  [[nodiscard]] Seconds quantile(double share) const;

 private:
  // 16 steps for each doubling, up to 2^36 us, which is 19 h.
  static constexpr std::size_t kSteps = 16;
  static constexpr std::size_t kBins = kSteps * 33;
  std::array<std::uint32_t, kBins> count_{};
  std::uint64_t total_ = 0;
};

}  // namespace joulery
