// report: a fixed profile of PUE, see sample_pue.h.
#include "report/sample_pue.h"

#include "base/text.h"
#include "pue/hours.h"

namespace joulery {
namespace {

constexpr std::size_t kDays = 10;

/// Hourly, from midnight of 26 July 2020 by a clock of UTC-6.
Series hourly(SeriesMeasure measure, const std::string& name, double (*value)(std::size_t hour)) {
  Series series;
  series.measure = measure;
  series.name = name;
  series.source = "hall.csv, column " + name;
  const WallTime begin = *parse_time("2020-07-26T06:00:00Z");
  for (std::size_t i = 0; i < 24 * kDays; ++i) {
    const WallTime from = begin + std::chrono::hours(i);
    series.pieces.push_back({from, from + std::chrono::hours(1), value(i)});
  }
  return series;
}

/// Rises to the afternoon, by steps that every machine rounds the same way; cooler in August.
double warmth_at(std::size_t hour) {
  const std::size_t clock = hour % 24, day = hour / 24;
  const auto rise = static_cast<double>(clock < 15 ? 2 * clock : 3 * (24 - clock));
  return rise * (day < 2 || day > 8 ? 0.25 : 0.5) + (day < 6 ? 16 : 10);
}

double load_at(std::size_t hour) { return hour % 24 < 8 ? 80e3 : 120e3; }

}  // namespace

PueProfile sample_pue() {
  PueReadings readings;
  readings.file = "hall.csv";
  readings.it = hourly(SeriesMeasure::kPower, "it_kw", load_at);
  readings.facility = hourly(SeriesMeasure::kPower, "facility_kw", [](std::size_t hour) {
    return 6e3 + load_at(hour) * 0.0125 * warmth_at(hour);
  });
  readings.temperature = hourly(SeriesMeasure::kTemperature, "wet_bulb_c", warmth_at);
  auto& pieces = readings.facility->pieces;
  pieces[30].begin += std::chrono::minutes(40);
  pieces.erase(pieces.begin() + 24 * 8 + 5, pieces.begin() + 24 * 8 + 13);
  readings.facility->notes = {"hall.csv: 2 doubled stamps, of which the last counts"};
  PueProfile profile = *profile_of(
      readings, [](WallTime) { return std::chrono::hours(-6); }, std::nullopt);
  profile.time_zone = "America/Denver";
  return profile;
}

PueModel sample_pue_model() {
  PueModel model;
  model.a = 0.031;
  model.b = 0.052;
  model.k = 0.0125;
  model.knee_c = 12.5;
  model.capacity = Watts(120e3);
  model.capacity_source = "largest hourly mean";
  model.temperature = "wet_bulb_c";
  model.residual_sd = 0.011;
  model.predicted_sd = 0.0125;
  model.block_sd = 0.006;
  model.meter_u = 0.0016;
  model.block_days = 7;
  model.blocks = 53;
  model.hours = 8700;
  const double u[] = {0.002, 0.0015, 0.0004, 0.3};
  for (std::size_t i = 0; i < 4; ++i) model.covariance[i][i] = u[i] * u[i];
  model.least_c = -18.5;
  model.greatest_c = 27.5;
  model.least_load = 0.4;
  model.greatest_load = 1;
  model.mean_load = 0.8;
  model.mean_pue = 1.19;
  model.source = "hall.csv, column it_kw; hall.csv, column facility_kw";
  return model;
}

}  // namespace joulery
