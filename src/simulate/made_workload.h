// simulate: made jobs and series for tests.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "joulery/simulate.h"
#include "simulate/signals.h"

namespace joulery::simulate {

using std::chrono::hours;
using Values = decltype(Series::measure);

inline constexpr WallTime kYear{std::chrono::sys_days(std::chrono::year(2022) / 1 / 1)};

/// Pieces of an hour from kYear on.
inline Series hourly(const std::vector<double>& values, Values measure = Values::kIntensity) {
  Series series;
  series.measure = measure;
  series.name = "XX";
  series.source = "made";
  series.kind = measure == Values::kIntensity ? "average" : "";
  for (std::size_t i = 0; i < values.size(); ++i)
    series.pieces.push_back({kYear + hours(i), kYear + hours(i + 1), values[i]});
  return series;
}

/// Of an intensity, and a PUE that is 1 all the time.
inline PlaceSignals place_of(Series intensity) {
  PlaceSignals place;
  place.intensity = std::move(intensity);
  place.constants.pue.estimate = Estimate<double>::of(1, 0, Evidence::kConstant);
  return place;
}

inline std::vector<double> random_values(std::size_t count, double least, double most,
                                         std::mt19937_64& random) {
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i)
    values.push_back(std::uniform_real_distribution<double>(least, most)(random));
  return values;
}

/// Released in the first `span` at any microsecond, up to two days long, up to eight devices.
inline Workload random_jobs(std::size_t count, Micros span, std::mt19937_64& random) {
  const auto upto = [&](std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(0, most)(random);
  };
  Workload workload;
  workload.source = "made";
  workload.unit = "GPUs";
  for (std::size_t i = 0; i < count; ++i)
    workload.jobs.push_back(
        {kYear + Micros(upto(span.count())), Micros(1 + upto(Micros(hours(48)).count())),
         static_cast<double>(upto(8000)) / 1000, Watts(static_cast<double>(100 + upto(2000)))});
  std::stable_sort(workload.jobs.begin(), workload.jobs.end(),
                   [](const auto& a, const auto& b) { return a.release < b.release; });
  return workload;
}

inline Signals signals_of(const PlaceSignals& place) {
  auto signals = Signals::make(place, place.intensity.pieces.front().begin,
                               place.intensity.pieces.front().end);
  EXPECT_TRUE(signals) << signals.error().message;
  return *std::move(signals);
}

inline double relative_difference(double a, double b) {
  return std::abs(a - b) / std::max(std::abs(a), std::abs(b));
}

}  // namespace joulery::simulate
