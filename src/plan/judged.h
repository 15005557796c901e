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

/// The integral of a rate over the slots, and of what resumes and a transfer add, in rate x seconds
/// of full load. Errors: kInvalid where a part of it is not known.
Result<double> load_integral(const PlanRequest& request, const PlanPlace& place,
                             const Pieces& pieces, const std::vector<Slot>& slots);

/// An energy beside that of the slots, as seconds of full load; 0 where there is none.
Seconds seconds_of_load(const PlanRequest& request, Joules energy);
/// Whether the job has to be moved there.
bool is_elsewhere(const PlanRequest& request, const PlanPlace& place);

/// Of running now at the first place, of which the series do not tell: all but its energy is
/// missing.
PlannedRun judged_unknown(const PlanRequest& request, const std::string& why);

}  // namespace joulery::plan
