// report: a place's factors in JSON, see place_json.h.
#include "report/place_json.h"

#include <cmath>

#include "joulery/sample.h"
#include "report/json_quantity.h"

namespace joulery {
namespace {

using Layout = JsonWriter::Layout;

// A change of unit leaves noise in the last digits: 432 g/kWh would be 431.99999999999994.
double without_noise(double number) {
  if (number == 0 || !std::isfinite(number)) return number;
  const double digits = 11 - std::floor(std::log10(std::abs(number)));
  const double scale = std::pow(10, std::abs(digits));
  return digits < 0 ? std::round(number / scale) * scale : std::round(number * scale) / scale;
}

}  // namespace

void put_pue(JsonWriter& json, const Factor<double>& pue) {
  const Estimate<double> number = as_number(pue.estimate);
  json.key("pue");
  json.begin_object(Layout::kOneLine);
  json.member("value", number.value);
  if (number) {
    json.member("u", number.u);
    json.member("source", pue.source);
  } else {
    json.member("class", name_of(Evidence::kMissing));
    json.member("why", number.why);
  }
  json.end_object();
}

void put_intensity(JsonWriter& json, const Factor<GramsPerJoule>& intensity, const char* key) {
  json.key(key);
  json.begin_object(Layout::kOneLine);
  Estimate<double> grams = as_number(intensity.estimate, kJoulesPerKilowattHour);
  if (grams) *grams.value = without_noise(*grams.value);
  grams.u = without_noise(grams.u);
  put_quantity_members(json, grams, "gCO2e/kWh");
  if (intensity.estimate) {
    json.member("kind", intensity.kind);
    json.member("source", intensity.source);
    json.member("year", intensity.year);
    json.member("region", intensity.region);
  }
  json.end_object();
}

void put_cloud_cost(JsonWriter& json, const CostRange& cost, const std::string& currency) {
  json.key("cloud_cost");
  json.begin_object();
  put_quantity(json, "low", as_number(cost.low), currency);
  put_quantity(json, "high", as_number(cost.high), currency);
  json.end_object();
}

}  // namespace joulery
