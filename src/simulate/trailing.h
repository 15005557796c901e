// simulate: which hours are low or high beside the week before them: all that one knows without a
// forecast.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "simulate/parts.h"
#include "simulate/signals.h"

namespace joulery::simulate {

/// How far they look back: the longest regular pattern of electricity and of people; a choice.
inline constexpr Micros kPast = std::chrono::days(7);

enum class Level : std::uint8_t {
  kUnknown,  ///< less than a day of history
  kLow,      ///< in the lowest `quantile` of the time of the past week
  kMiddle,
  kHigh,  ///< above the highest
};
/// Of each piece, whose rates are those of `rates`. O(n log n).
std::vector<Level> levels_of(const Signals& signals, const std::vector<double>& rates,
                             double quantile);

/// Each job starts with the first low piece at or after its release; at once where the level at the
/// release is not known; with the end of its slack (or of what is known) at the latest.
Parts parts_at_low(const std::vector<MovableJob>& jobs, const Signals& signals,
                   const std::vector<Level>& levels, Micros slack);

}  // namespace joulery::simulate
