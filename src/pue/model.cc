// pue: what the model says of an hour and of a forecast, see joulery/pue.h.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "joulery/pue.h"
#include "pue/flow.h"
#include "pue/overlap.h"

namespace joulery {
namespace {

constexpr double kBeyondShare = 0.5;  // a choice, see PueModel::predict()

double degrees_above(const PueModel& model, double celsius) {
  return std::max(0.0, celsius - model.knee_c);
}

double pue_at(const PueModel& model, double celsius, double load) {
  return 1 + model.a + (model.capacity ? model.b / load : 0) +
         model.k * degrees_above(model, celsius);
}

// Of air near the ground, with room to spare: -89.2 and 56.7 are the records (WMO, World Weather
// and Climate Extremes Archive).
bool is_temperature(double celsius) { return celsius >= -100 && celsius <= 70; }

}  // namespace

Estimate<double> PueModel::predict(double celsius, std::optional<Watts> load) const {
  if (!is_temperature(celsius))
    return Estimate<double>::missing(fmt::format("{:.6g} is no outdoor temperature", celsius));
  double share = mean_load;
  if (capacity && load) share = *load / *capacity;
  if (capacity && !(share >= kLeastLoad && share <= kMostLoad))
    return Estimate<double>::missing(
        fmt::format("an IT load of {:.3g} % of the capacity", 100 * share));
  const double pue = pue_at(*this, celsius, share);
  const double seen = pue_at(*this, std::clamp(celsius, least_c, greatest_c),
                             std::clamp(share, least_load, std::max(least_load, greatest_load)));
  const double beyond = kBeyondShare * std::abs(pue - seen);
  const bool far = beyond > std::max(predicted_sd, meter_u);
  const char* const top = far                      ? "beyond what the fit has seen"
                          : meter_u > predicted_sd ? "meters"
                                                   : "fit of PUE on weather and load";
  return Estimate<double>::of(pue, std::hypot(predicted_sd, meter_u, beyond), Evidence::kModelled,
                              top);
}

Estimate<double> PueModel::marginal(double celsius) const {
  if (!is_temperature(celsius))
    return Estimate<double>::missing(fmt::format("{:.6g} is no outdoor temperature", celsius));
  if (!capacity)
    return Estimate<double>::missing(
        "the readings tell no IT load, or one that hardly varies: what is drawn anyway cannot be "
        "told from what goes with the IT");
  const double above = degrees_above(*this, celsius);
  const std::array<double, 4> slope = {1, 0, above, above > 0 ? -k : 0};
  double variance = meter_u * meter_u;
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = 0; j < 4; ++j) variance += slope[i] * slope[j] * covariance[i][j];
  return Estimate<double>::of(1 + a + k * above, std::sqrt(std::max(variance, 0.0)),
                              Evidence::kModelled, "fit of PUE on weather and load");
}

double PueModel::term_u(std::size_t term) const {
  return std::sqrt(std::max(covariance[term][term], 0.0));
}

Result<Series> pue_series(const PueModel& model, const Series& temperature,
                          const std::optional<Series>& load) {
  Series out;
  out.measure = SeriesMeasure::kPue;
  out.name = "PUE";
  out.source = fmt::format("model of {}, at {}", model.source, temperature.source);
  out.forecast = temperature.forecast || (load && load->forecast);
  SeriesError fit{"fit of PUE on weather and load", false, {}};
  SeriesError meters{"meters", true, {}};
  const auto add = [&](WallTime begin, WallTime end, double celsius, std::optional<Watts> watts) {
    const auto pue = model.predict(celsius, watts);
    if (!pue) return;
    out.pieces.push_back({begin, end, *pue.value});
    fit.u.push_back(std::sqrt(std::max(0.0, pue.u * pue.u - model.meter_u * model.meter_u)));
    // The overhead's gain: which meters there were the model does not tell, and that of a total
    // would cancel in a comparison.
    const double mean = model.mean_pue - 1;
    meters.u.push_back(mean > 0 ? model.meter_u * (*pue.value - 1) / mean : model.meter_u);
  };
  if (load)
    for_each_overlap(temperature.pieces, load->pieces,
                     [&](const SeriesPiece& t, const SeriesPiece& p, WallTime begin, WallTime end) {
                       add(begin, end, t.value, Watts(watts_in(*load, p)));
                     });
  else
    for (const SeriesPiece& piece : temperature.pieces)
      add(piece.begin, piece.end, piece.value, std::nullopt);
  out.errors = {std::move(fit), std::move(meters)};
  if (out.pieces.empty())
    return Error{ErrorCode::kInvalid,
                 temperature.source + ": no PUE follows from it by the model of " + model.source};
  return out;
}

}  // namespace joulery
