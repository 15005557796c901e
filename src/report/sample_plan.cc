// report: plans that the tests of the reports share, see sample_plan.h.
#include "report/sample_plan.h"

#include <cmath>
#include <numbers>

namespace joulery {
namespace {

constexpr WallTime kPlanBegin{std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)};
constexpr int kHours = 72;

/// A day's wave, lowest at `hour`.
Series wave(SeriesMeasure measure, double mean, double swing, int hour, double scale) {
  Series series;
  series.measure = measure;
  series.kind = measure == SeriesMeasure::kIntensity ? "average" : "";
  series.currency = measure == SeriesMeasure::kPrice ? "EUR" : "";
  series.source = "made.csv, column x";
  for (int i = 0; i < kHours; ++i) {
    const double turn = 2 * std::numbers::pi * (i - hour) / 24;
    const double value = std::round(mean - swing * std::cos(turn)) * scale;
    const WallTime begin = kPlanBegin + std::chrono::hours(i);
    series.pieces.push_back({begin, begin + std::chrono::hours(1), value});
  }
  return series;
}

PlanPlace place_of(const std::string& name, double pue, double grams, int hour) {
  PlanPlace place;
  place.name = name;
  place.place.pue.estimate = Estimate<double>::of(pue, 0.05, Evidence::kConstant, "PUE");
  place.intensity =
      wave(SeriesMeasure::kIntensity, grams, grams / 3, hour, 1 / kJoulesPerKilowattHour);
  place.price = wave(SeriesMeasure::kPrice, 90, 40, 3, 1 / kJoulesPerKilowattHour / 1000);
  return place;
}

}  // namespace

PlanRequest sample_plan_request() {
  PlanRequest request;
  request.places = {place_of("cluster", 1.4, 400, 13), place_of("FRA", 1.2, 380, 3)};
  request.places[1].intensity->relative_u = 0.05;
  request.job.length = std::chrono::hours(8);
  request.job.release = kPlanBegin + std::chrono::hours(5);
  request.job.slack = std::chrono::hours(36);
  request.load = Estimate<Watts>::of(Watts(5000), Watts(100), Evidence::kConstant, "load");
  return request;
}

}  // namespace joulery
