// plan: cuts off slots what rounding on a grid has made them too long.
#pragma once

#include <vector>

#include "plan/slot_grid.h"

namespace joulery::plan {

/// Of slots that hold more than the length and a resume time for each but the first: as much less
/// as that is, where the rate is highest at an end of a slot, or at a beginning that no load of a
/// resume hangs on. No slot gets shorter than it may be; what cannot be cut stays.
void cut_surplus(const RateCurve& curve, const PausedJob& job, std::vector<Slot>& slots);

}  // namespace joulery::plan
