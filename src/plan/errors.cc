// plan: what is uncertain in the rates of a place, see errors.h.
#include "plan/errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <span>

#include "site/place.h"

namespace joulery::plan {
namespace {

/// The pieces of which a part lies in the horizon, whole.
std::span<const SeriesPiece> within(const Pieces& pieces, const Slot& horizon) {
  const auto first =
      std::upper_bound(pieces.begin(), pieces.end(), horizon.begin,
                       [](WallTime time, const SeriesPiece& piece) { return time < piece.end; });
  const auto last =
      std::lower_bound(first, pieces.end(), horizon.end,
                       [](const SeriesPiece& piece, WallTime time) { return piece.begin < time; });
  return {first, last};
}

Pieces clipped(const Pieces& pieces, const Slot& horizon) {
  const auto part = within(pieces, horizon);
  return {part.begin(), part.end()};
}

/// Of a series that tells nothing.
std::vector<RateError> unstated(const Series& series, const Pieces& pieces, const char* name) {
  if (series.measure == SeriesMeasure::kIntensity)
    return {{name, true, scaled(pieces, kUnstatedIntensityU)}};
  if (series.measure != SeriesMeasure::kPue) return {};
  Pieces same = pieces;
  for (SeriesPiece& piece : same) piece.value = kUnstatedPueU;
  return {{name, true, std::move(same)}};
}

std::vector<RateError> errors_of_series(const Series& series, const Slot& horizon,
                                        const char* name) {
  const auto part = within(series.pieces, horizon);
  const Pieces pieces(part.begin(), part.end());
  const auto first = static_cast<std::size_t>(part.data() - series.pieces.data());
  std::vector<RateError> errors;
  if (series.relative_u > 0) errors.push_back({name, true, scaled(pieces, series.relative_u)});
  for (const SeriesError& error : series.errors) {
    Pieces u = pieces;
    for (std::size_t i = 0; i < u.size(); ++i) u[i].value = error.u[first + i];
    errors.push_back(
        {fmt::format("{} ({})", name, error.name), error.same_at_all_times, std::move(u)});
  }
  return errors.empty() ? unstated(series, pieces, name) : errors;
}

template <class T>
std::vector<RateError> errors_of_factor(const std::optional<Series>& series,
                                        const Factor<T>& factor, const Slot& horizon,
                                        const char* name) {
  if (series) return errors_of_series(*series, horizon, name);
  const double u = factor.estimate ? count_of(factor.estimate.u) : 0;
  if (u <= 0) return {};
  return {{name, true, {{horizon.begin, horizon.end, u}}}};
}

/// Of a product, by the errors of one of its factors.
void add_times(const std::vector<RateError>& errors, const Pieces& other,
               std::vector<RateError>& out) {
  for (const RateError& error : errors)
    out.push_back(
        {error.name, error.same_at_all_times, combined(error.u, other, std::multiplies<>())});
}

/// It is known where the rate is.
Shift shift_of(const RateError& error, const DividedUses& parts) {
  Shift shift{error.name, error.same_at_all_times};
  const auto curve = RateCurve::make(error.u);
  if (!curve) return shift;
  shift.within = integral_of(*curve, parts.within).value_or(0);
  shift.beside = integral_of(*curve, parts.beside).value_or(0);
  return shift;
}

}  // namespace

std::vector<RateError> errors_of(const PlanPlace& place, const PlaceRates& rates,
                                 const Rate PlaceRates::*which, const Slot& horizon) {
  auto pue = errors_of_factor(place.pue, place.place.pue, horizon, "PUE");
  if (which == &PlaceRates::energy) return pue;
  const bool is_carbon = which == &PlaceRates::carbon || which == &PlaceRates::plain_carbon;
  auto plain = is_carbon ? errors_of_factor(place.intensity, place.place.intensity, horizon,
                                            "carbon intensity")
                         : errors_of_factor(place.price, place.place.electricity_price, horizon,
                                            "electricity price");
  if (which == &PlaceRates::plain_carbon || which == &PlaceRates::plain_cost) return plain;
  const Rate& of_plain = is_carbon ? rates.plain_carbon : rates.plain_cost;
  std::vector<RateError> out;
  if (!rates.energy.pieces || !of_plain.pieces) return out;
  add_times(pue, clipped(*of_plain.pieces, horizon), out);
  add_times(plain, clipped(*rates.energy.pieces, horizon), out);
  return out;
}

Result<Total> total_of(const PlanRequest& request, const PlanPlace& place, const Pieces& rate,
                       const std::vector<RateError>& errors, const std::vector<Slot>& slots,
                       const std::vector<Slot>& other, double once) {
  Total total;
  JOULERY_TRY(total.value, load_integral(request, place, rate, slots));
  total.value += once;
  const auto uses = uses_of(request, place, slots);
  const DividedUses parts = divided(uses, other);
  for (const RateError& error : errors) total.shifts.push_back(shift_of(error, parts));
  JOULERY_TRY(const RateCurve curve, RateCurve::make(rate));
  total.fixed = integral_of_moments(curve, uses).value_or(0) + once;
  // What is given as energy, or as money, is less of a job that draws more.
  const double load_u = request.load ? request.load.u / *request.load.value : 0;
  if (total.fixed != 0 && load_u > 0)
    total.shifts.push_back({kLoadName, true, 0, -total.fixed * load_u});
  // The load is that at the first cap.
  const double cap_u = request.caps.empty() ? 0 : request.caps.front().energy_u.value_or(0);
  if (cap_u > 0) total.shifts.push_back({kCapName, true, 0, (total.value - total.fixed) * cap_u});
  return total;
}

}  // namespace joulery::plan
