// plan: what running at a place in certain slots takes.
#pragma once

#include <string>

#include "joulery/plan.h"
#include "plan/place_rates.h"

namespace joulery::plan {

/// Energy, carbon and money of the job in these slots. Errors: kInvalid where a factor is not known
/// throughout.
Result<PlannedRun> judged(const PlanRequest& request, const PlanPlace& place,
                          const PlaceRates& rates, std::vector<Slot> slots);

/// Of running now at the first place, of which the series do not tell: all but its energy is
/// missing.
PlannedRun judged_unknown(const PlanRequest& request, const std::string& why);

}  // namespace joulery::plan
