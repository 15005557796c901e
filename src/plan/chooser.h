// plan: the best slots of a job at each of its places.
#pragma once

#include <optional>
#include <vector>

#include "joulery/plan.h"
#include "plan/place_rates.h"
#include "plan/saving_u.h"

namespace joulery::plan {

/// A factor of the objective at a place.
struct PlaceTerm {
  double weight = 1;
  const Rate PlaceRates::*rate = nullptr;
};

/// The objective of one place over time, per joule of IT energy.
struct PlaceObjective {
  Pieces pieces;
  std::vector<PlaceTerm> terms;
  double move = 0;  ///< once, of a transfer, as the integral of `pieces` over seconds
};

/// What to compare places and moments by: the rates of each place, and the objective made of them.
class Chooser {
 public:
  /// Errors: as make_plan().
  static Result<Chooser> make(const PlanRequest& request, bool by_forecast);

  [[nodiscard]] const PlaceRates& rates(std::size_t place) const { return rates_[place]; }
  /// Of running now at the first place. Errors: kInvalid where that is not known.
  [[nodiscard]] Result<JobWindow> now() const;
  /// The best slots there. Errors: as best_window().
  [[nodiscard]] Result<JobWindow> best_at(std::size_t place) const;
  /// The objective of slots there, with all that a transfer adds.
  [[nodiscard]] Result<double> score(std::size_t place, const std::vector<Slot>& slots) const;
  /// The same, term by term, with what is uncertain; for a comparison with the run in `other`.
  [[nodiscard]] Result<std::vector<TermTotal>> totals(std::size_t place,
                                                      const std::vector<Slot>& slots,
                                                      const std::vector<Slot>& other) const;

 private:
  explicit Chooser(const PlanRequest& request) : request_(request) {}
  /// Of the objective there. Errors: kInvalid where nothing of it is known.
  [[nodiscard]] Result<RateCurve> curve_of(std::size_t place) const;

  const PlanRequest& request_;
  JobShape job_;
  Slot horizon_;
  std::vector<PlaceRates> rates_;
  std::vector<PlaceObjective> objectives_;
};

}  // namespace joulery::plan
