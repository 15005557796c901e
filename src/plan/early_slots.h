// plan: the slots of a job with costly pauses that runs as early as what is known lets it.
#pragma once

#include <optional>

#include "plan/slot_grid.h"

namespace joulery::plan {

/// Runs wherever the curve is known until the work is done: the plan of last resort, off every
/// grid. Empty where that is not enough.
std::optional<JobWindow> earliest_slots(const RateCurve& curve, const PausedJob& job);

}  // namespace joulery::plan
