// simulate: uncertainties, sources and remarks, see basis.h.
#include "simulate/basis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "site/place.h"

namespace joulery::simulate {
namespace {

double count_of(double value) { return value; }
double count_of(MoneyPerJoule value) { return value.count(); }

/// One unit of a factor: its relative uncertainty, or why it is missing.
template <class T>
Estimate<double> one_of(const Factor<T>& factor, double value, const char* name) {
  if (!factor.estimate) return Estimate<double>::missing(factor.estimate.why);
  const double u = count_of(factor.estimate.u);
  return Estimate<double>::of(1, value != 0 ? u / std::abs(value) : 0, Evidence::kConstant, name);
}

/// Of independent factors, the first missing one's `why`.
Estimate<double> times(const Estimate<double>& a, const Estimate<double>& b) {
  if (!a || !b) return a ? b : a;
  return Estimate<double>::of(1, std::hypot(a.u, b.u), Evidence::kModelled,
                              b.u > a.u ? b.top : a.top, a.coverage);
}

Estimate<double> pue_of(const PlaceSignals& place, double mean_pue) {
  if (!place.pue) return one_of(place.constants.pue, mean_pue, "PUE");
  const double told = place.pue->relative_u;
  return Estimate<double>::of(1, told > 0 ? told : kUnstatedPueU / mean_pue, Evidence::kConstant,
                              "PUE");
}

Estimate<double> intensity_of(const Series& series) {
  return Estimate<double>::of(1, series.relative_u > 0 ? series.relative_u : kUnstatedIntensityU,
                              Evidence::kConstant, "carbon intensity");
}

Estimate<double> price_of(const PlaceSignals& place) {
  const Factor<MoneyPerJoule>& constant = place.constants.electricity_price;
  if (!place.price)
    return one_of(constant, constant.estimate.value.value_or(MoneyPerJoule(0)).count(),
                  "electricity price");
  // What was paid, where the series tells no uncertainty.
  return Estimate<double>::of(1, place.price->relative_u, Evidence::kConstant, "electricity price");
}

void add_once(std::string note, std::vector<std::string>& notes) {
  if (std::find(notes.begin(), notes.end(), note) == notes.end()) notes.push_back(std::move(note));
}

void add_series(const Series& series, std::vector<std::string>& notes) {
  const bool is_intensity = series.measure == SeriesMeasure::kIntensity;
  if (series.forecast)
    add_once(series.source + " is a forecast: what comes of it is no account of what was", notes);
  for (const std::string& note : series.notes)
    add_once(fmt::format("{}: {}", series.source, note), notes);
  if (series.relative_u == 0 && series.measure != SeriesMeasure::kPrice)
    add_once(fmt::format("{}: no uncertainty given: taken as {}", series.source,
                         is_intensity ? "10 %" : "+-0.1"),
             notes);
  if (is_intensity && series.kind.empty())
    add_once(series.source + " does not say whether it is average or marginal: --intensity-kind",
             notes);
}

}  // namespace

SumsBasis basis_of(const PlaceSignals& place, double mean_pue, const Estimate<double>& it_energy) {
  const Estimate<double> site = times(it_energy, pue_of(place, mean_pue));
  return {it_energy, site, times(site, intensity_of(place.intensity)),
          times(site, price_of(place))};
}

std::vector<std::string> sources_of(const PlaceSignals& place) {
  std::vector<std::string> sources{place.intensity.source};
  const Factor<double>& pue = place.constants.pue;
  const Factor<MoneyPerJoule>& price = place.constants.electricity_price;
  if (place.pue)
    sources.push_back(place.pue->source);
  else if (pue.estimate)
    sources.push_back(fmt::format("PUE {} at all times ({})", *pue.estimate.value, pue.source));
  if (place.price)
    sources.push_back(place.price->source);
  else if (price.estimate)
    sources.push_back(fmt::format("a price that stays the same ({})", price.source));
  return sources;
}

void add_place_notes(const std::vector<PlaceSignals>& places, std::vector<std::string>& notes) {
  for (const PlaceSignals& place : places) {
    add_series(place.intensity, notes);
    if (place.pue) add_series(*place.pue, notes);
    if (place.price) add_series(*place.price, notes);
    if (!place.pue && !place.constants.pue.estimate)
      add_once("the PUE is not known and taken as constant: it cancels in what is saved", notes);
  }
}

}  // namespace joulery::simulate
