// plan: when a run draws how much of its load: slots, steps of a load, resumes, a transfer.
#pragma once

#include <optional>
#include <vector>

#include "joulery/plan.h"
#include "plan/pieces.h"
#include "plan/place_rates.h"

namespace joulery::plan {

/// Seconds of full load, spread evenly over [begin, end), or drawn at the moment `begin` where both
/// are the same: an energy that was given as such.
struct Use {
  WallTime begin{}, end{};
  double seconds = 0;
};

/// Of the slots, with what resumes and a transfer to that place add.
std::vector<Use> uses_of(const PlanRequest& request, const PlanPlace& place,
                         const std::vector<Slot>& slots);

/// The parts of the uses that lie within the slots, and the others.
struct DividedUses {
  std::vector<Use> within, beside;
};
DividedUses divided(const std::vector<Use>& uses, const std::vector<Slot>& slots);

/// The integral of the rate over the uses, in rate x seconds of full load; empty where a part of it
/// is not known.
std::optional<double> integral_of(const RateCurve& curve, const std::vector<Use>& uses);
/// Of what is drawn at moments alone: it does not go with the load.
std::optional<double> integral_of_moments(const RateCurve& curve, const std::vector<Use>& uses);

/// The same over all that a run draws. Errors: kInvalid where a part of it is not known.
Result<double> load_integral(const PlanRequest& request, const PlanPlace& place,
                             const Pieces& pieces, const std::vector<Slot>& slots);

/// What is paid once for a move to that place, in money per joule x seconds of full load; 0 for
/// other rates than of money.
double transfer_cost(const PlanRequest& request, const PlanPlace& place,
                     const Rate PlaceRates::*which);

/// An energy beside that of the slots, as seconds of full load; 0 where there is none.
Seconds seconds_of_load(const PlanRequest& request, Joules energy);

}  // namespace joulery::plan
