// sensor: reads less often where reading has become expensive, so that the meter does not slow what
// it measures.
#pragma once

#include <algorithm>

#include "joulery/units.h"

namespace joulery {

/// Looks at the last hundred reads: where the 99th percentile of their time is above 20 ms, every
/// other tick is left out, then three of four, at most seven of eight; where none is, ticks come
/// back.
class CallBudget {
 public:
  /// Once a tick: whether to read now.
  bool due() { return tick_++ % stride_ == 0; }

  void spent(Micros time) {
    ++reads_;
    if (time > kSlow) ++slow_;
    if (reads_ < kWindow) return;
    if (slow_ >= 2)
      stride_ =
          std::min(stride_ * 2, kMostStride);  // the 99th percentile of 100 is the second largest
    if (slow_ == 0) stride_ = std::max(stride_ / 2, 1U);
    reads_ = slow_ = 0;
  }

  unsigned stride() const { return stride_; }

 private:
  static constexpr Micros kSlow{20'000};  // a fifth of the default period of 100 ms; a choice
  static constexpr unsigned kWindow = 100;
  static constexpr unsigned kMostStride = 8;

  unsigned tick_ = 0, stride_ = 1, reads_ = 0, slow_ = 0;
};

}  // namespace joulery
