#include "trace/power_series.h"

#include <gtest/gtest.h>

#include <cmath>

#include "report/sample_run.h"

namespace joulery {
namespace {

TEST(PowerSeries, GivesTheMeanPowerOfEachStep) {
  const StoredRun run = sample_run(100, 100);

  const auto series = make_power_series(*run.trace, power_step(*run.trace));

  ASSERT_TRUE(series) << series.error().message;
  EXPECT_EQ(series->step, Seconds(0.5));
  ASSERT_EQ(series->parts.size(), 2u);
  EXPECT_EQ(series->parts[0].name, "gpu/0");
  ASSERT_EQ(series->total.watts.size(), 200u);
  for (std::size_t i = 0; i < 200; ++i) {
    EXPECT_NEAR(series->parts[0].watts[i], 100, 1e-6);
    EXPECT_NEAR(series->parts[1].watts[i], 50, 1e-6);
    EXPECT_NEAR(series->total.watts[i], 150, 1e-6);
  }
}

TEST(PowerSeries, HasOneMinuteMeansOfALongRun) {
  const StoredRun run = sample_run(4 * 3600, 0);
  EXPECT_EQ(power_step(*run.trace), Seconds(60));
}

TEST(PowerSeries, HasRoundStepsAndNoShortOneAtTheEnd) {
  const StoredRun run = sample_run(7000, 0);
  const auto series = make_power_series(*run.trace, power_step(*run.trace));
  ASSERT_TRUE(series);
  EXPECT_EQ(series->step, Seconds(30));
  ASSERT_EQ(series->total.watts.size(), 234u);
  EXPECT_TRUE(std::isnan(series->total.watts.back()));  // 10 s of 30
}

TEST(PowerSeries, LeavesAGapWhereNothingWasSeen) {
  const StoredRun run = sample_run(100, 60);

  const auto series = make_power_series(*run.trace, power_step(*run.trace));

  ASSERT_TRUE(series);
  EXPECT_NEAR(series->parts[1].watts[100], 50, 1e-6);
  EXPECT_TRUE(std::isnan(series->parts[1].watts[150]));
  EXPECT_NEAR(series->parts[0].watts[150], 100, 1e-6);
  EXPECT_TRUE(std::isnan(
      series->total.watts[150]));  // a sum without one of its parts would look like less power
}

TEST(PowerSeries, CountsNothingOverARestart) {
  TraceInfo info;
  info.end = info.begin + Micros(10'000'000);
  MemoryTrace trace(info, {sample_channel("gpu/0", Measure::kEnergy, Rule::kCounter)});
  for (int i = 0; i <= 100; ++i)
    trace.add({info.begin + Micros(100'000) * i, i < 50 ? 1e6 + 10.0 * i : 5e6 + 10.0 * i, 0, 0,
               i == 50});

  const auto series = make_power_series(trace, power_step(trace));

  ASSERT_TRUE(series);
  for (const double watts : series->total.watts)
    EXPECT_TRUE(std::isnan(watts) || std::abs(watts - 100) < 1e-6) << watts;
}

TEST(PowerSeries, SaysThatThereIsNoPower) {
  TraceInfo info;
  info.end = info.begin + Micros(1);
  EXPECT_FALSE(make_power_series(MemoryTrace(info, {}), Seconds(1)));
}

}  // namespace
}  // namespace joulery
