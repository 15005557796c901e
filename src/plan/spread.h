// plan: what forecasts that are off would do to a plan.
#pragma once

#include <random>
#include <vector>

#include "joulery/plan.h"

namespace joulery::plan {

/// A choice: enough for 5 % quantiles, and done in a second.
inline constexpr int kDraws = 100;

/// Requests whose intensities are disturbed, each value by itself, with a relative error of
/// PlanRequest::forecast_error; none below 0.
class Spread {
 public:
  explicit Spread(const PlanRequest& request) : request_(request), random_(request.seed) {}

  PlanRequest next();
  void add(double saving_pct) { savings_.push_back(saving_pct); }
  [[nodiscard]] ForecastSpread result() const;

 private:
  const PlanRequest& request_;
  std::mt19937_64 random_;
  std::vector<double> savings_;
};

}  // namespace joulery::plan
