// plan: cap, time and place, each alone and all together.
#pragma once

#include <vector>

#include "joulery/plan.h"

namespace joulery::plan {

/// The best that each of the levers does alone, that which are there, and all of them together,
/// last: every cap is planned at every place. Errors: as make_plan().
Result<std::vector<PlanLever>> plan_levers(const PlanRequest& request);

}  // namespace joulery::plan
