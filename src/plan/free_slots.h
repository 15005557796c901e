// plan: the cheapest slots of a job that may be paused at no cost.
#pragma once

#include <optional>

#include "joulery/plan.h"

namespace joulery::plan {

/// What the cheapest slots may be taken from.
struct SlotBounds {
  WallTime begin{}, end{};
  Micros length{};  ///< of the slots together, above zero
};

/// Pieces by rising rate until the length is full, of which part of the last: no other choice costs
/// less, since any other exchanges time for time at a rate that is not lower. Where pieces of equal
/// rate leave a choice, that with the fewest slots, then an early one. Empty where less than the
/// length is known. O(n log n) in the pieces between the bounds.
std::optional<JobWindow> cheapest_slots(const RateCurve& curve, const SlotBounds& bounds);

}  // namespace joulery::plan
