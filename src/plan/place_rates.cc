// plan: what a joule of IT energy takes at a place over time, see place_rates.h.
#include "plan/place_rates.h"

#include <functional>

namespace joulery::plan {
namespace {

template <class T>
Rate rate_of(const std::optional<Series>& series, const Factor<T>& factor, const Slot& horizon) {
  if (series) return {series->pieces, ""};
  if (!factor.estimate) return {{}, factor.estimate.why};
  return {Pieces{{horizon.begin, horizon.end, count_of(*factor.estimate.value)}}, ""};
}

Rate times(const Rate& a, const Rate& b) {
  if (!a.pieces || !b.pieces) return {{}, a.pieces ? b.why : a.why};
  return {combined(*a.pieces, *b.pieces, std::multiplies<>()), ""};
}

}  // namespace

PlaceRates rates_of(const PlanPlace& place, const Slot& horizon, bool by_forecast) {
  const bool foretold = by_forecast && place.forecast;
  PlaceRates rates;
  rates.energy = rate_of(place.pue, place.place.pue, horizon);
  rates.plain_carbon =
      rate_of(foretold ? place.forecast : place.intensity, place.place.intensity, horizon);
  rates.plain_cost = rate_of(place.price, place.place.electricity_price, horizon);
  rates.carbon = times(rates.energy, rates.plain_carbon);
  rates.cost = times(rates.energy, rates.plain_cost);
  rates.without_pue = !rates.energy.pieces;
  return rates;
}

}  // namespace joulery::plan
