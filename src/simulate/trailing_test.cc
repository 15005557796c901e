// simulate: quantiles of the past week against sorting it.
#include "simulate/trailing.h"

#include <gtest/gtest.h>

#include "simulate/made_workload.h"

namespace joulery::simulate {
namespace {

/// Of hourly values: sorts the past week anew for every hour.
Level sorted_level(const std::vector<double>& values, std::size_t at, double quantile) {
  const std::size_t oldest = at > 168 ? at - 168 : 0;
  std::vector<double> past(values.begin() + static_cast<std::ptrdiff_t>(oldest),
                           values.begin() + static_cast<std::ptrdiff_t>(at));
  if (past.size() < 24) return Level::kUnknown;
  std::sort(past.begin(), past.end());
  const auto value_of = [&](double share) {
    const double rank = std::ceil(share * static_cast<double>(past.size()) - 1e-9);
    return past[static_cast<std::size_t>(std::max(1.0, rank)) - 1];
  };
  if (values[at] <= value_of(quantile)) return Level::kLow;
  return values[at] > value_of(1 - quantile) ? Level::kHigh : Level::kMiddle;
}

TEST(Levels, AreThoseOfTheSortedPastWeek) {
  std::mt19937_64 random(2);
  for (const double quantile : {0.05, 0.25, 0.5}) {
    std::vector<double> values = random_values(600, 0, 20, random);
    for (double& value : values) value = std::floor(value);  // many ties
    PlaceSignals place;
    place.intensity = hourly(values);
    const Signals signals = signals_of(place);

    const std::vector<Level> levels = levels_of(signals, values, quantile);
    ASSERT_EQ(levels.size(), values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
      EXPECT_EQ(levels[i], sorted_level(values, i, quantile)) << i << " of " << quantile;
  }
}

TEST(Levels, OfAFlatSeriesAreLowSoThatNobodyWaits) {
  PlaceSignals place;
  place.intensity = hourly(std::vector<double>(48, 7));
  const Signals signals = signals_of(place);
  const std::vector<Level> levels = levels_of(signals, std::vector<double>(48, 7), 0.25);
  EXPECT_EQ(levels[23], Level::kUnknown);
  for (std::size_t i = 24; i < 48; ++i) EXPECT_EQ(levels[i], Level::kLow);
}

TEST(Threshold, StartsWithTheFirstLowHourOrWithTheEndOfTheSlack) {
  PlaceSignals place;
  std::vector<double> values(24, 10);
  values.insert(values.end(), {20, 20, 20, 5, 20, 20, 20, 20});
  place.intensity = hourly(values);
  const Signals signals = signals_of(place);
  const std::vector<Level> levels = levels_of(signals, values, 0.25);
  const Micros length = hours(1), half = std::chrono::minutes(30);
  const std::vector<MovableJob> jobs = {{kYear + hours(2), length, 1, Watts(1)},
                                        {kYear + hours(24) + half, length, 1, Watts(1)},
                                        {kYear + hours(27) + half, length, 1, Watts(1)},
                                        {kYear + hours(28), length, 1, Watts(1)}};

  const Parts parts = parts_at_low(jobs, signals, levels, hours(3));
  EXPECT_EQ(parts.all[0].begin, kYear + hours(2)) << "no history: at once";
  EXPECT_EQ(parts.all[1].begin, kYear + hours(27));
  EXPECT_EQ(parts.all[2].begin, kYear + hours(27) + half) << "released in a low hour";
  EXPECT_EQ(parts.all[3].begin, kYear + hours(31)) << "no low hour: the guard";
}

}  // namespace
}  // namespace joulery::simulate
