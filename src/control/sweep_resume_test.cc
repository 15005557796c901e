#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/sweep_fixture.h"

namespace joulery {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(Sweeping, IsResumedWithoutRepeatingFinishedRuns) {
  const auto plain = machine.job;
  machine.job = [&](double cap, int number) {
    FakeRun run = plain(cap, number);
    if (number == 5) run.interrupt = 2;
    return run;
  };
  const Sweep first = sweep();
  machine.job = plain;
  options.resume = SweepOptions::Resume::kYes;
  options.seed = 99;  // the order of the sweep that is resumed counts

  const Sweep second = sweep();

  EXPECT_EQ(second.id, first.id);
  EXPECT_EQ(second.seed, 17u);
  EXPECT_TRUE(second.succeeded());
  // F 1 2 3 F and the one that is interrupted; a baseline again, and the eight that are missing.
  EXPECT_EQ(runs_made(), 6 + 1 + 8);
  EXPECT_THAT(second.runs, SizeIs(14));
  EXPECT_EQ(second.runs[0].id, first.runs[0].id);
  EXPECT_TRUE(second.runs[4].resumed);
  EXPECT_FALSE(second.runs[5].resumed);
  EXPECT_FALSE(second.runs[5].level);
  EXPECT_EQ(point_at(second, 150).trials, 3u);
}

// A restart between the two calls: all runs are faster behind it, whatever the cap.
TEST_F(Sweeping, AMachineThatChangedBeforeTheResumeIsNotTakenForACap) {
  bool restarted = false;
  machine.job = [&](double, int number) {
    FakeRun run;
    run.time_s = restarted ? 70 : 100;
    run.power_w = 90;
    if (number == 6) run.interrupt = 2;  // two caps have run since the last baseline
    return run;
  };
  (void)sweep();
  restarted = true;
  options.resume = SweepOptions::Resume::kYes;

  const Sweep done = sweep();

  EXPECT_TRUE(done.succeeded());
  ASSERT_TRUE(done.choice);
  for (const CapPoint& point : done.choice->points)
    EXPECT_NEAR(point.time_change ? point.time_change->pct : 0, 0, 1e-6) << point.cap.count();
}

TEST_F(Sweeping, ThatIsFinishedIsResumedWithoutALease) {
  const Sweep first = sweep();
  machine.log.clear();
  options.resume = SweepOptions::Resume::kYes;

  const Sweep second = sweep();

  EXPECT_THAT(machine.log, IsEmpty());
  EXPECT_TRUE(second.succeeded());
  EXPECT_EQ(second.choice->recommended, first.choice->recommended);
}

TEST_F(Sweeping, OfAnotherPlanIsNotResumed) {
  (void)sweep();
  options.resume = SweepOptions::Resume::kYes;
  options.job.command = {"other"};

  EXPECT_EQ(failure().code, ErrorCode::kInvalid);
}

TEST_F(Sweeping, OfAnotherPlanIsBegunWhereThatIsAllowed) {
  options.resume = SweepOptions::Resume::kIfThere;

  EXPECT_TRUE(sweep().succeeded());
}

TEST_F(Sweeping, ResumesAmongTheRepeatsThatTheScatterAskedFor) {
  options.repeat.reset();
  options.rules.max_slowdown = 0.05;
  machine.job = noisy_steps;
  const Sweep first = sweep();
  store.runs.erase(first.runs[21].id);  // a cap of the fifth repeat
  options.resume = SweepOptions::Resume::kYes;

  const Sweep again = sweep();

  EXPECT_EQ(runs_made(), 36);  // that one, between baselines of its own
  EXPECT_TRUE(again.succeeded());
  EXPECT_THAT(again.runs, SizeIs(35));
  EXPECT_FALSE(again.runs[32].level || again.runs[34].level);
  EXPECT_EQ(again.runs[33].step, 21u);
}

TEST_F(Sweeping, IsGoneOnWithByMoreRepeats) {
  options.repeat = 1;
  const Sweep first = sweep();
  options.resume = SweepOptions::Resume::kYes;
  options.repeat = 3;

  const Sweep second = sweep();

  EXPECT_EQ(second.id, first.id);
  EXPECT_TRUE(second.succeeded());
  EXPECT_EQ(runs_made(), 5 + 1 + 8);  // a baseline for what follows
  EXPECT_EQ(point_at(second, 150).trials, 3u);
}

// A cap that one call left without a baseline behind it is made again, and must not come back as a
// second trial from another time when the sweep is interrupted once more.
TEST_F(Sweeping, WhatAnInterruptionLeftOpenStaysOutInAllLaterCalls) {
  bool restarted = false;
  machine.job = [&](double, int number) {
    FakeRun run;
    run.time_s = restarted ? 70 : 100;
    run.power_w = 90;
    if (number == 2 || number == 9) run.interrupt = 2;
    return run;
  };
  (void)sweep();
  restarted = true;
  options.resume = SweepOptions::Resume::kYes;
  EXPECT_EQ(sweep().interrupted, 2);

  const Sweep done = sweep();

  EXPECT_TRUE(done.succeeded());
  ASSERT_TRUE(done.choice);
  for (const CapPoint& point : done.choice->points) {
    EXPECT_NEAR(point.time_change ? point.time_change->pct : 0, 0, 1e-6) << point.cap.count();
    EXPECT_EQ(point.trials, point.baseline ? 6u : 3u) << point.cap.count();
  }
}

TEST_F(Sweeping, RunsThatWereMadeAgainStandForNoOthers) {
  Sweep sweep;
  sweep.planned = 2;
  SweepRun run;
  run.id = "run-1";
  sweep.runs = {run, run};

  EXPECT_EQ(sweep.steps_made(), 1u);
  EXPECT_FALSE(sweep.succeeded());

  sweep.runs[1].step = 1;
  EXPECT_TRUE(sweep.succeeded());
}

TEST_F(Sweeping, AWallClockThatWasSteppedChangesNoOrder) {
  machine.job = [](double, int number) {
    FakeRun run;
    run.time_s = 100 * std::exp(0.01 * number);  // it slows down all the time
    run.power_w = 90;
    if (number == 9) run.interrupt = 2;
    return run;
  };
  const Sweep first = sweep();
  for (std::size_t i = 0; i < first.runs.size(); ++i)
    store.runs.at(first.runs[i].id).info.wall_begin = WallTime(Micros(1'000'000'000 - 1000 * i));
  options.resume = SweepOptions::Resume::kYes;

  const Sweep done = sweep();

  ASSERT_TRUE(done.choice);
  for (const CapPoint& point : done.choice->points)
    EXPECT_NEAR(point.time_change ? point.time_change->pct : 0, 0, 0.05) << point.cap.count();
}

}  // namespace
}  // namespace joulery
