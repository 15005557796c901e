// account: how the samples of a channel become energy, coverage and flags.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "account/account_fixture.h"
#include "joulery/account.h"

namespace joulery {
namespace {

using account::energy_channel;
using account::MadeTrace;
using account::power_channel;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(Counter, GivesItsDifferenceOverTheRun) {
  MadeTrace made(60);
  made.add(
      energy_channel("gpu/0"), [](double t) { return 1e6 + 300 * t; }, -1, 61);

  const Account account = account_of(made);

  ASSERT_EQ(account.components.size(), 1U);
  EXPECT_NEAR(joules(account.components[0].energy), 18000, 1e-3);
  EXPECT_EQ(account.components[0].energy.evidence, Evidence::kMeasured);
  EXPECT_DOUBLE_EQ(account.components[0].energy.coverage, 1);
  EXPECT_EQ(account.components[0].samples, 601U);
  EXPECT_NEAR(account.components[0].mean_power.value->count(), 300, 1e-6);
  EXPECT_NEAR(account.components[0].peak_power.value->count(), 300, 1e-3);
}

TEST(Counter, IsInterpolatedBetweenTheSamplesBesideAnEdge) {
  MadeTrace made(10, 3);
  made.add(energy_channel("gpu/0"), steady(100), -1, 11);

  EXPECT_NEAR(joules(account_of(made).it_energy), 1000, 1e-6);
}

TEST(Counter, UnseenEdgesTakeTheMeanPowerAndLowerTheCoverage) {
  MadeTrace made(10);
  made.add(energy_channel("gpu/0"), steady(100), 2, 9);

  const Account account = account_of(made);

  EXPECT_NEAR(joules(account.it_energy), 1000, 1e-6);
  EXPECT_NEAR(account.it_energy.coverage, 0.7, 1e-9);
}

TEST(Gaps, CarryARectangleOfThePowerRangeOverTheUnseenTime) {
  MadeTrace made(100);
  Channel power = power_channel("gpu/0");
  power.max_power = Watts(500);
  made.add(
      power, [](double) { return 200.0; }, 0, 60);

  const Account account = account_of(made);

  EXPECT_NEAR(joules(account.it_energy), 20000, 1e-6);
  EXPECT_NEAR(account.it_energy.coverage, 0.6, 1e-3);
  ASSERT_FALSE(account.components[0].budget.empty());
  EXPECT_EQ(account.components[0].budget[0].what, "gaps");
  EXPECT_NEAR(account.components[0].budget[0].u.count(), 40 * 300 / std::sqrt(12.0), 10);
}

TEST(Gaps, EqualReadingsSayNothingOfTheHoleBetweenThem) {
  MadeTrace made(100);
  made.add(
      power_channel("gpu/0"), [](double) { return 100.0; }, 0, 10);
  for (int i = 0; i <= 100; ++i) made.sample(90 + i * 0.1, 100);

  const ComponentAccount board = account_of(made).components[0];

  EXPECT_NEAR(joules(board.energy), 10000, 1e-6);
  EXPECT_EQ(board.budget[0].what, "gaps");
  EXPECT_NEAR(board.budget[0].u.count(), 80 * 200 / std::sqrt(12.0), 1e-6);
}

TEST(Gaps, ACounterBridgesWhatPowerCannot) {
  MadeTrace made(20);
  made.add(energy_channel("gpu/0"), steady(100), 0, 5);
  made.sample(15, 1500);
  made.sample(20, 2000);
  made.add(
      power_channel("gpu/1"), [](double) { return 100.0; }, 0, 5);
  made.sample(15, 100);
  made.sample(15.1, 100);
  made.sample(20, 100);

  const Account account = account_of(made);

  EXPECT_DOUBLE_EQ(account.components[0].energy.coverage, 1);
  EXPECT_LT(account.components[1].energy.coverage, 0.5);
  EXPECT_THAT(account.components[1].flags, Contains("gap"));
}

// R2: the counter says 187 J, the integral 327 J, over five seconds.
TEST(CrossCheck, FlagsTheIdleBoxWhoseCounterAndPowerDiffer) {
  MadeTrace made(5);
  made.add(energy_channel("gpu/0"), steady(187.0 / 5));
  made.add(power_channel("gpu/0"), [](double) { return 327.0 / 5; });

  const ComponentAccount component = account_of(made).components[0];

  EXPECT_NEAR(joules(component.energy), 187, 1e-6);
  ASSERT_TRUE(component.cross_check);
  EXPECT_NEAR(component.cross_check->count(), 327, 1e-6);
  EXPECT_THAT(component.flags, Contains("sensor_disagree"));
  EXPECT_EQ(component.energy.top, "sensors disagree");
}

TEST(CrossCheck, FlagsSixPercentButNotFourOverAMinute) {
  for (const auto& [watts, flagged] : {std::pair{106.5, true}, std::pair{104.0, false}}) {
    MadeTrace made(60);
    made.add(energy_channel("gpu/0"), steady(100));
    made.add(power_channel("gpu/0"), [w = watts](double) { return w; });

    const auto flags = account_of(made).components[0].flags;

    EXPECT_EQ(std::count(flags.begin(), flags.end(), "sensor_disagree"), flagged ? 1 : 0) << watts;
  }
}

// R3: a decrease is a new epoch: never negative, never huge.
TEST(Counter, ADecreaseSplitsTheRunAndLowersTheCoverage) {
  MadeTrace made(60);
  made.add(energy_channel("gpu/0"),
           [](double t) { return t < 30 ? 1e9 + 200 * t : 200 * (t - 30); });

  const Account account = account_of(made);

  EXPECT_NEAR(joules(account.it_energy), 12000, 20);
  EXPECT_LT(account.it_energy.coverage, 1);
  EXPECT_GT(account.it_energy.coverage, 0.99);
  EXPECT_THAT(account.components[0].flags, Contains("counter_reset"));
}

TEST(Counter, ARestartSplitsTheRunEvenWhereTheValueRises) {
  MadeTrace made(20);
  made.add(energy_channel("gpu/0"), steady(100), 0, 9.9);
  made.sample(12, 1e7, true);
  made.sample(20, 1e7 + 800);

  const Account account = account_of(made);

  EXPECT_NEAR(joules(account.it_energy), 2000, 1);
  EXPECT_NEAR(account.it_energy.coverage, 17.9 / 20, 1e-6);
  EXPECT_THAT(account.components[0].flags, Contains("counter_reset"));
}

// R3, R5: more than the device can draw is no energy.
TEST(Counter, ASpikeIsLeftOut) {
  Channel counter = energy_channel("gpu/0");
  counter.max_power = Watts(700);
  MadeTrace made(60);
  made.add(counter, [](double t) { return 300 * t + (t > 30 ? 5e6 : 0); });

  const Account account = account_of(made);

  EXPECT_NEAR(joules(account.it_energy), 18000, 31);
  EXPECT_LT(account.it_energy.coverage, 1);
  EXPECT_THAT(account.components[0].flags, Contains("spike"));
}

TEST(Counter, ALateTickIsNoSpike) {
  Channel counter = energy_channel("gpu/0");
  counter.max_power = Watts(400);
  MadeTrace made(60);
  made.add(counter, [](double t) { return t > 20 && t < 23 ? 300 * 20.0 : 300 * t; });

  const ComponentAccount component = account_of(made).components[0];

  EXPECT_NEAR(joules(component.energy), 18000, 1e-3);
  EXPECT_THAT(component.flags, IsEmpty());
}

TEST(Counter, FrozenOnesGiveWayToPower) {
  MadeTrace made(60);
  made.add(energy_channel("gpu/0"), [](double t) { return 300 * std::min(t, 20.0); });
  made.add(power_channel("gpu/0"), [](double) { return 300.0; });

  const ComponentAccount component = account_of(made).components[0];

  EXPECT_NEAR(joules(component.energy), 18000, 1e-3);
  EXPECT_EQ(component.energy.evidence, Evidence::kIntegrated);
  EXPECT_THAT(component.flags, Contains("counter_frozen"));
}

TEST(Counter, OneThatNeverMovesIsMissingAndNotZero) {
  MadeTrace made(12);
  Channel channel = energy_channel("cpu/0/package", ComponentKind::kCpu);
  channel.update_period = Seconds(1e-3);
  made.add(channel, [](double) { return 42.0; });
  made.add(energy_channel("gpu/0"), steady(100));

  const Account account = account_of(made);

  EXPECT_FALSE(account.components[0].energy);
  EXPECT_THAT(account.components[0].energy.why, HasSubstr("never moved"));
  EXPECT_THAT(account.excludes, Contains("cpu"));
  EXPECT_THAT(account.flags, Contains("lower_bound"));
  EXPECT_NEAR(joules(account.it_energy), 1200, 1e-6);
}

TEST(Counter, OneThatDidNotTickInAShortRunIsNotCalledStill) {
  MadeTrace made(0.5);
  made.add(energy_channel("gpu/0"), [](double) { return 42.0; });

  EXPECT_TRUE(account_of(made).components[0].energy);
}

TEST(Windows, AreTheSumAndTheTimeBetweenThemIsMissing) {
  MadeTrace made(100);
  made.add_empty([] {
    Channel channel = energy_channel("gpu/0");
    channel.flags = {"windows-only"};
    return channel;
  }());
  made.sample(0, 0);
  made.sample(20, 2000);
  made.sample(80, 2000, true);
  made.sample(100, 4000);
  made.mark(20, "between windows");
  made.mark(80, "second");

  const Account account = account_of(made);

  const ComponentAccount& board = account.components[0];
  EXPECT_DOUBLE_EQ(joules(board.energy), 4000);
  EXPECT_DOUBLE_EQ(board.energy.coverage, 0.4);
  EXPECT_DOUBLE_EQ(board.mean_power.value->count(), 100);
  EXPECT_DOUBLE_EQ(board.peak_power.value->count(), 100);
  EXPECT_THAT(board.flags, ElementsAre("windows-only"));
  EXPECT_THAT(account.flags, Contains("lower_bound"));
  ASSERT_EQ(account.phases.size(), 3U);
  EXPECT_FALSE(account.phases[1].it_energy);
  EXPECT_DOUBLE_EQ(joules(account.phases[2].it_energy), 2000);
}

TEST(Counter, GivesWayToPowerWhereTheRunIsShorterThanItsTick) {
  MadeTrace made(0.05, 0.01);
  made.add(energy_channel("gpu/0"), [](double) { return 42.0; });
  made.add(power_channel("gpu/0"), [](double) { return 200.0; });

  const ComponentAccount component = account_of(made).components[0];

  EXPECT_NEAR(joules(component.energy), 10, 1e-6);
  EXPECT_EQ(component.source, "power");
  EXPECT_EQ(component.energy.evidence, Evidence::kIntegrated);
  EXPECT_FALSE(component.cross_check);
  EXPECT_THAT(component.flags, IsEmpty());
}

/// Power that looks at a quarter of each refresh and always meets the low part of the load.
Channel part_time_channel(const std::string& component) {
  Channel channel = power_channel(component);
  channel.id = component + "/power_instant";
  channel.averaging = Seconds(0.025);
  channel.duty = 0.25;
  channel.preferred = false;
  return channel;
}

TEST(Power, ThePeakIsTheHighestOfAllChannelsAndNotBelowTheMean) {
  MadeTrace made(60);
  made.add(energy_channel("gpu/0"), steady(334));
  made.add(power_channel("gpu/0"), [](double t) { return t > 30 && t < 31 ? 340.0 : 330.0; });
  made.add(part_time_channel("gpu/0"), [](double) { return 260.0; });
  made.add(energy_channel("gpu/1"), steady(334));
  made.add(part_time_channel("gpu/1"), [](double) { return 260.0; });

  const Account account = account_of(made);

  EXPECT_NEAR(account.components[0].peak_power.value->count(), 340, 1e-6);
  EXPECT_NEAR(account.components[1].peak_power.value->count(), 334, 1e-6);
}

TEST(CrossCheck, SaysThatAPartTimeSensorMissedTheLoad) {
  MadeTrace made(10);
  made.add(energy_channel("gpu/0"), steady(334));
  made.add(power_channel("gpu/0"), [](double) { return 334.0; });
  made.add(part_time_channel("gpu/0"), [](double) { return 260.0; });
  Channel average = power_channel("gpu/1");
  average.averaging = Seconds(1);
  made.add(average, [](double) { return 334.0; });
  made.add(part_time_channel("gpu/1"), [](double) { return 260.0; });

  const Account account = account_of(made);

  EXPECT_THAT(account.components[0].flags, ElementsAre("aliased"));
  EXPECT_THAT(account.components[1].flags, ElementsAre("sensor_disagree", "aliased"));
  ASSERT_TRUE(account.components[1].cross_check);
  EXPECT_NEAR(account.components[1].cross_check->count(), 2600, 1);
}

TEST(Power, AReadingTellsOfTheWindowBeforeIt) {
  Channel power = power_channel("gpu/0");
  power.averaging = Seconds(1);
  power.lag = Seconds(0.2);
  MadeTrace made(60);
  // The load steps from 100 W to 300 W at 30 s; the sensor shows its mean over the second that
  // ended 0.2 s ago.
  made.add(
      power, [](double t) { return 100 + 200 * std::clamp(t - 30.2, 0.0, 1.0); }, -2, 62);

  EXPECT_NEAR(joules(account_of(made).it_energy), 12000, 1);
}

TEST(Power, RepeatedReadingsAreData) {
  MadeTrace made(10, 0.01);
  made.add(power_channel("gpu/0"), [](double t) { return t < 5 ? 100.0 : 300.0; });

  EXPECT_NEAR(joules(account_of(made).it_energy), 2000, 2);
}

TEST(Power, PlainMeanTakesTheSamplesOfTheClosedWindow) {
  Channel wall = power_channel("node/wall", ComponentKind::kNode);
  wall.rule = Rule::kPlainMean;
  MadeTrace made(4, 1);
  made.add(
      wall, [](double t) { return 100 + 10 * t * t; }, -2, 6);

  const ComponentAccount component = account_of(made).components[0];

  EXPECT_NEAR(component.mean_power.value->count(), 100 + 10 * (0 + 1 + 4 + 9 + 16) / 5.0, 1e-9);
  EXPECT_EQ(component.samples, 5U);
}

TEST(Power, WindowAverageCountsFromTheSampleBefore) {
  Channel model = power_channel("cpu/0", ComponentKind::kCpu);
  model.rule = Rule::kWindowAverage;
  model.evidence = Evidence::kModelled;
  MadeTrace made(10, 5);
  made.add(model, [](double t) { return t < 6 ? 20.0 : 60.0; });

  const Account account = account_of(made);

  EXPECT_NEAR(joules(account.it_energy), 5 * 20 + 5 * 60, 1e-9);
  EXPECT_EQ(account.it_energy.evidence, Evidence::kModelled);
}

}  // namespace
}  // namespace joulery
