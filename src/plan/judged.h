// plan: what running at a place in certain slots takes.
#pragma once

#include <string>

#include "joulery/plan.h"
#include "plan/place_rates.h"

namespace joulery::plan {

/// Energy, carbon and money of the job in these slots; each missing where a factor of its own is
/// not known throughout. Errors: kInvalid for slots of no length.
Result<PlannedRun> judged(const PlanRequest& request, const PlanPlace& place,
                          const PlaceRates& rates, std::vector<Slot> slots);

}  // namespace joulery::plan
