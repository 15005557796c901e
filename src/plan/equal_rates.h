// plan: which of the stretches of one rate to run in, where not all are needed.
#pragma once

#include <vector>

#include "joulery/plan.h"

namespace joulery::plan {

/// Parts of `equal`, `rest` long together (above zero, at most all of them), with which the job
/// has the fewest slots, then early ones. `taken`: where it runs anyway; it may touch `equal`, and
/// neither touches itself; both in order. O(n log n).
std::vector<Slot> take_of_equal(const std::vector<Slot>& equal, const std::vector<Slot>& taken,
                                Micros rest);

}  // namespace joulery::plan
