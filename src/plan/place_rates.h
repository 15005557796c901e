// plan: what a joule of IT energy takes at a place over time: site energy, carbon, money.
#pragma once

#include <optional>
#include <string>

#include "joulery/plan.h"
#include "plan/pieces.h"

namespace joulery::plan {

/// Of a factor's value or uncertainty, in the unit of the rate.
inline double count_of(double value) { return value; }
template <class Kind>
double count_of(Quantity<Kind> value) {
  return value.count();
}

/// A factor over time; of a constant one piece as long as the horizon.
struct Rate {
  std::optional<Pieces> pieces;  ///< empty: not known
  std::string why;               ///< of one that is not known: what would give it
};

struct PlaceRates {
  Rate energy, carbon, cost;
  /// Its PUE is not known, and left out of `plain_carbon` and `plain_cost`: where it is constant it
  /// changes no comparison with the same place.
  bool without_pue = false;
  Rate plain_carbon, plain_cost;
};

/// `by_forecast`: with the forecast in the place of the intensity, where there is one.
PlaceRates rates_of(const PlanPlace& place, const Slot& horizon, bool by_forecast);

}  // namespace joulery::plan
