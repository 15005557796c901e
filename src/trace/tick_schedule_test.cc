#include "trace/tick_schedule.h"

#include <gtest/gtest.h>

namespace joulery {
namespace {

Instant at(std::int64_t us) { return Instant(Micros(us)); }

TEST(TickSchedule, ServesEachDeadlineInTurn) {
  TickSchedule schedule(at(1000), Micros(100));
  for (std::int64_t i = 0; i < 5; ++i) {
    ASSERT_EQ(schedule.deadline(), at(1000 + 100 * i));
    schedule.serve(schedule.deadline() + Micros(40), schedule.deadline() + Micros(60));
  }

  EXPECT_EQ(schedule.counts().ticks, 5U);
  EXPECT_EQ(schedule.counts().late, 0U);
  EXPECT_EQ(schedule.counts().lost, 0U);
  EXPECT_EQ(schedule.counts().worst_delay, Micros(40));
}

TEST(TickSchedule, CountsATickAsLateBeyondHalfAPeriod) {
  TickSchedule schedule(at(0), Micros(100));
  schedule.serve(at(50), at(50));
  EXPECT_EQ(schedule.counts().late, 0U);

  schedule.serve(at(151), at(151));

  EXPECT_EQ(schedule.counts().late, 1U);
  EXPECT_EQ(schedule.deadline(), at(200));
}

TEST(TickSchedule, ServesADeadlineThatPassedDuringTheRead) {
  TickSchedule schedule(at(0), Micros(100));

  schedule.serve(at(0), at(120));

  EXPECT_EQ(schedule.deadline(), at(100));
  EXPECT_EQ(schedule.counts().lost, 0U);
}

TEST(TickSchedule, LosesTheDeadlinesThatALaterOneOvertook) {
  TickSchedule schedule(at(0), Micros(100));

  schedule.serve(at(0), at(450));

  EXPECT_EQ(schedule.deadline(), at(400));
  EXPECT_EQ(schedule.counts().lost, 3U);
}

TEST(TickSchedule, StaysOnItsGridAfterADelay) {
  TickSchedule schedule(at(7), Micros(1000));
  for (const std::int64_t done : {7, 3300, 3400, 9999, 20'500}) schedule.serve(at(done), at(done));

  EXPECT_EQ((schedule.deadline() - at(7)) % Micros(1000), Micros(0));
  EXPECT_EQ(schedule.counts().ticks + schedule.counts().lost, 20U);
}

TEST(ReadTimes, KnowsPercentilesWithinASixteenth) {
  ReadTimes times;
  for (int us = 1; us <= 10'000; ++us) times.add(Micros(us));

  EXPECT_NEAR(times.quantile(0.5).count(), 5e-3, 5e-3 / 16);
  EXPECT_NEAR(times.quantile(0.99).count(), 9.9e-3, 9.9e-3 / 16);
}

TEST(ReadTimes, TakesAnyLength) {
  ReadTimes times;
  EXPECT_EQ(times.quantile(0.5).count(), 0);

  times.add(Micros(-5));
  EXPECT_EQ(times.quantile(0.5).count(), 0);
  times.add(Micros::max());
  EXPECT_GT(times.quantile(1).count(), 3600);
}

}  // namespace
}  // namespace joulery
