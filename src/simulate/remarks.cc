// simulate: sources and remarks, see remarks.h.
#include "simulate/remarks.h"

#include <fmt/format.h>

#include <algorithm>

namespace joulery::simulate {
namespace {

void add_once(std::string note, std::vector<std::string>& notes) {
  if (std::find(notes.begin(), notes.end(), note) == notes.end()) notes.push_back(std::move(note));
}

void add_series(const Series& series, std::vector<std::string>& notes) {
  const bool is_intensity = series.measure == SeriesMeasure::kIntensity;
  if (series.forecast)
    add_once(series.source + " is a forecast: what comes of it is no account of what was", notes);
  for (const std::string& note : series.notes)
    add_once(fmt::format("{}: {}", series.source, note), notes);
  const bool is_told = series.relative_u > 0 || !series.errors.empty();
  if (!is_told && series.measure != SeriesMeasure::kPrice)
    add_once(fmt::format("{}: no uncertainty given: taken as {}", series.source,
                         is_intensity ? "10 %" : "+-0.1"),
             notes);
  if (is_intensity && series.kind.empty())
    add_once(series.source + " does not say whether it is average or marginal: --intensity-kind",
             notes);
}

}  // namespace

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

void add_cap_note(const SimulationRequest& request, std::vector<std::string>& notes) {
  const auto& policies = request.policies;
  const bool caps =
      std::find(policies.begin(), policies.end(), Shift::kCapsByHour) != policies.end();
  if (caps && request.cap && !request.cap->energy_u)
    add_once("what the cap does to time and energy is taken as exact: nothing tells how sure it is",
             notes);
}

}  // namespace joulery::simulate
