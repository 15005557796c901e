// plan: the best slots of a job whose pauses cost time or energy, or that runs for some time once
// it runs.
#pragma once

#include <optional>

#include "plan/slot_grid.h"

namespace joulery::plan {

/// The optimum over all slots that begin and end on the grid: dynamic programming from the end on,
/// over the cells of time, the cells of work done, and whether the job runs. Of equal costs the
/// fewest slots, then the earliest. Empty where none fits. O(cells x work) in time and memory.
std::optional<JobWindow> best_on_grid(const RateCurve& curve, const PausedJob& job,
                                      const SlotGrid& grid);

/// What the slots cost: the integral over them, and the load of the resumes.
double cost_of(const RateCurve& curve, const std::vector<Slot>& slots, double resume_load_s);

}  // namespace joulery::plan
