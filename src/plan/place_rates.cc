// plan: what a joule of IT energy takes at a place over time, see place_rates.h.
#include "plan/place_rates.h"

#include <cmath>

#include "site/place.h"

namespace joulery::plan {
namespace {

double count_of(double value) { return value; }
template <class Kind>
double count_of(Quantity<Kind> value) {
  return value.count();
}

/// Of a series that tells none: that of a constant that comes without one.
double relative_u_of(const Series& series) {
  if (series.relative_u > 0) return series.relative_u;
  if (series.measure == SeriesMeasure::kIntensity) return kUnstatedIntensityU;
  if (series.measure == SeriesMeasure::kPue) return kUnstatedPueU / series.pieces.front().value;
  return 0;  // a price is what was paid
}

template <class T>
Rate rate_of(const std::optional<Series>& series, const Factor<T>& factor, const Slot& horizon,
             const char* name) {
  if (series) return {series->pieces, "", relative_u_of(*series), name};
  if (!factor.estimate) return {{}, factor.estimate.why, 0, ""};
  const double value = count_of(*factor.estimate.value);
  const double u = value != 0 ? count_of(factor.estimate.u) / std::abs(value) : 0;
  return {Pieces{{horizon.begin, horizon.end, value}}, "", u, name};
}

/// Of independent factors.
Rate times(const Rate& a, const Rate& b) {
  if (!a.pieces || !b.pieces) return {{}, a.pieces ? b.why : a.why, 0, ""};
  const bool first = a.relative_u >= b.relative_u;
  return {combined(*a.pieces, *b.pieces, [](double x, double y) { return x * y; }), "",
          std::hypot(a.relative_u, b.relative_u), first ? a.top : b.top};
}

}  // namespace

PlaceRates rates_of(const PlanPlace& place, const Slot& horizon, bool by_forecast) {
  const bool foretold = by_forecast && place.forecast;
  PlaceRates rates;
  rates.energy = rate_of(place.pue, place.place.pue, horizon, "PUE");
  rates.plain_carbon = rate_of(foretold ? place.forecast : place.intensity, place.place.intensity,
                               horizon, "carbon intensity");
  rates.plain_cost =
      rate_of(place.price, place.place.electricity_price, horizon, "electricity price");
  rates.carbon = times(rates.energy, rates.plain_carbon);
  rates.cost = times(rates.energy, rates.plain_cost);
  rates.without_pue = !rates.energy.pieces;
  return rates;
}

}  // namespace joulery::plan
