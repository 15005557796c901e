// plan: what forecasts that are off would do to a plan, see spread.h.
#include "plan/spread.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace joulery::plan {

PlanRequest Spread::next() {
  PlanRequest disturbed = request_;
  std::normal_distribution<double> normal;
  for (PlanPlace& place : disturbed.places) {
    if (!place.forecast) place.forecast = place.intensity;
    if (!place.forecast) continue;
    for (SeriesPiece& piece : place.forecast->pieces)
      piece.value *= std::max(0.0, 1 + request_.forecast_error * normal(random_));
  }
  return disturbed;
}

ForecastSpread Spread::result() const {
  ForecastSpread out;
  out.draws = static_cast<int>(savings_.size());
  if (savings_.empty()) return out;
  std::vector<double> sorted = savings_;
  std::sort(sorted.begin(), sorted.end());
  const auto quantile = [&](double share) {
    return sorted[static_cast<std::size_t>(std::llround(share * double(sorted.size() - 1)))];
  };
  out.mean_pct = std::accumulate(sorted.begin(), sorted.end(), 0.0) / double(sorted.size());
  out.low_pct = quantile(0.05);
  out.high_pct = quantile(0.95);
  return out;
}

}  // namespace joulery::plan
