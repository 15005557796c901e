// plan: the best slots of a job at each of its places.
#pragma once

#include <optional>
#include <vector>

#include "joulery/plan.h"
#include "plan/place_rates.h"

namespace joulery::plan {

/// The objective of one place over time, per joule of IT energy.
struct PlaceObjective {
  Pieces pieces;
  double relative_u = 0;
};

/// What to compare places and moments by: the rates of each place, and the objective made of them.
class Chooser {
 public:
  /// Errors: as make_plan().
  static Result<Chooser> make(const PlanRequest& request, bool by_forecast);

  [[nodiscard]] const PlaceRates& rates(std::size_t place) const { return rates_[place]; }
  [[nodiscard]] const PlaceObjective& objective(std::size_t place) const {
    return objectives_[place];
  }
  /// Of running now at the first place. Errors: kInvalid where that is not known.
  [[nodiscard]] Result<JobWindow> now() const;
  /// The best slots there. Errors: as best_window().
  [[nodiscard]] Result<JobWindow> best_at(std::size_t place) const;
  /// The objective of slots there, with all that a transfer adds.
  [[nodiscard]] Result<double> score(std::size_t place, const std::vector<Slot>& slots) const;

 private:
  explicit Chooser(const PlanRequest& request) : request_(request) {}

  const PlanRequest& request_;
  JobShape job_;
  std::vector<PlaceRates> rates_;
  std::vector<PlaceObjective> objectives_;
};

}  // namespace joulery::plan
