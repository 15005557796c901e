// sensor: a sample stamped with the middle of the call that read it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "joulery/sample.h"

namespace joulery {

inline Sample stamped(Instant begin, Instant end, double value, std::size_t channel) {
  const auto half = std::max(Micros(0), end - begin) / 2;
  constexpr Micros::rep kWidest = std::numeric_limits<std::uint32_t>::max();
  return Sample{.time = begin + half,
                .value = value,
                .half_width_us = static_cast<std::uint32_t>(std::min(half.count(), kWidest)),
                .channel = static_cast<std::uint16_t>(channel)};
}

/// What read() says of a tick in which not one channel could be read, from the errors of its
/// channels: gone only where all of them are.
class ReadFailures {
 public:
  void add(Error error) {
    // Whatever else a kernel answers (ENODATA, EINVAL) may be better at the next tick.
    if (error.code != ErrorCode::kGone && error.code != ErrorCode::kDenied)
      error.code = ErrorCode::kTransient;
    if (!worst_ || worst_->code == ErrorCode::kGone) worst_ = std::move(error);
  }
  [[nodiscard]] Result<void> result(bool any_read) const {
    if (any_read || !worst_) return {};
    return *worst_;
  }

 private:
  std::optional<Error> worst_;
};

}  // namespace joulery
