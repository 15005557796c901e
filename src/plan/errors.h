// plan: what is uncertain in the rates of a place, and how much of a run's total it moves.
#pragma once

#include <string>
#include <vector>

#include "joulery/plan.h"
#include "plan/place_rates.h"
#include "plan/uses.h"

namespace joulery::plan {

/// One thing that nobody knows exactly: a gain, an amount, the factor of a source.
struct RateError {
  std::string name;
  bool same_at_all_times = true;  ///< as of SeriesError
  Pieces u;                       ///< standard uncertainty of the rate that comes of it
};

/// Of one of the rates of a place within the horizon. A series that tells no uncertainty has that
/// of a constant that comes without: a gain for an intensity, the same amount at all hours for a
/// PUE. A price has none: it is what was paid.
std::vector<RateError> errors_of(const PlanPlace& place, const PlaceRates& rates,
                                 const Rate PlaceRates::*which, const Slot& horizon);

/// Of the shift that the load makes in what does not grow with it.
inline constexpr const char* kLoadName = "load";

/// Of the shift that a cap makes in what grows with the load: its effect was measured.
inline constexpr const char* kCapName = "effect of the cap";

/// By how much a total is off where one thing is off by its standard uncertainty, in the unit of
/// the total.
struct Shift {
  std::string name;
  bool same_at_all_times = true;
  double within = 0, beside = 0;  ///< of what is used in the time of the other run, and the rest

  [[nodiscard]] double all() const { return within + beside; }
};
/// The integral of a rate over what a run draws, in rate x seconds of full load.
struct Total {
  double value = 0;
  std::vector<Shift> shifts;  ///< one of each name; the load is none where it scales all
  double fixed = 0;           ///< of `value`, what does not grow with the load
};
/// `once`: of the total, what comes at no moment and does not grow with the load. `other`: the
/// slots of the run that this one is compared with. Within one run what may be off at each moment
/// by itself is taken to be off the same way. Errors: kInvalid where a part of the rate is not
/// known.
Result<Total> total_of(const PlanRequest& request, const PlanPlace& place, const Pieces& rate,
                       const std::vector<RateError>& errors, const std::vector<Slot>& slots,
                       const std::vector<Slot>& other, double once);

}  // namespace joulery::plan
