// joulery: the places of a plan, with their series.
#pragma once

#include <vector>

#include "args.h"
#include "joulery/plan.h"

namespace joulery::cli {

/// Of --where, or the one of kPlaceFlags; series, and PUEs by a model, of kPlanSeriesFlags. Errors:
/// kUsage and kInvalid, naming the flag.
Result<std::vector<PlanPlace>> plan_places_of(const Args& args);

}  // namespace joulery::cli
