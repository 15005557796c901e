#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/sweep_fixture.h"

namespace joulery {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(Sweeping, ALimitThatSomebodyElseSetsEndsControlButNotTheRun) {
  machine.job = [this](double cap, int number) {
    FakeRun run = compute_bound(cap, number);
    if (number == 2) run.meanwhile = [this] { machine.limits[0] = 220; };
    return run;
  };

  const Sweep done = sweep();

  EXPECT_FALSE(done.succeeded());
  EXPECT_EQ(runs_made(), 3);
  EXPECT_EQ(machine.limits[0], 220) << "never fought, never given back over";
  ASSERT_THAT(done.runs, SizeIs(3));
  const SweepRun& touched = done.runs[2];
  EXPECT_FALSE(touched.controlled);
  EXPECT_TRUE(touched.trial.failed);
  EXPECT_GT(touched.trial.time.count(), 0) << "measured to its end";
  const std::string asked = std::to_string(std::lround(touched.trial.cap.count())) + " W";
  EXPECT_THAT(touched.notes, Contains(testing::AllOf(HasSubstr(asked), HasSubstr("220 W"))));
}

TEST_F(Sweeping, ALostDeviceEndsItWithWhatIsThere) {
  machine.job = [this](double cap, int number) {
    FakeRun run = compute_bound(cap, number);
    if (number == 4) run.meanwhile = [this] { machine.lost = true; };
    return run;
  };

  const Sweep done = sweep();

  EXPECT_EQ(runs_made(), 5);
  EXPECT_FALSE(done.succeeded());
  EXPECT_FALSE(done.runs[4].controlled);
  EXPECT_THAT(done.runs[4].notes, Contains(HasSubstr("the device is lost")));
  EXPECT_TRUE(done.choice) << done.no_choice;
}

TEST_F(Sweeping, ALimitThatIsChangedBetweenTwoRunsIsNeverWrittenOver) {
  int told = 0;
  const auto done = run_sweep(options, {caps, series, store, [&](const SweepProgress&) {
                                          if (++told == 7) machine.limits[0] = 180;
                                        }});

  ASSERT_TRUE(done);
  EXPECT_EQ(machine.limits[0], 180);
  EXPECT_FALSE(done->succeeded());
  EXPECT_TRUE(done->runs.back().id.empty()) << "nothing was started at a limit that is not ours";
  EXPECT_FALSE(done->runs.back().controlled);
}

TEST_F(Sweeping, WhatEndedControlIsInTheRecordOfTheRun) {
  machine.job = [this](double cap, int number) {
    FakeRun run = compute_bound(cap, number);
    if (number == 2) run.meanwhile = [this] { machine.limits[0] = 220; };
    return run;
  };

  const Sweep done = sweep();

  const auto& events = store.runs.at(done.runs[2].id).info.events;
  EXPECT_THAT(events, Contains(testing::Field(&Event::text, HasSubstr("220 W"))));
}

TEST_F(Sweeping, ASignalEndsItAfterTheRunAndTheDataIsKept) {
  machine.job = [](double cap, int number) {
    FakeRun run = compute_bound(cap, number);
    if (number == 5) run.interrupt = 2;
    return run;
  };

  const Sweep done = sweep();

  EXPECT_EQ(done.interrupted, 2);
  EXPECT_FALSE(done.succeeded());
  EXPECT_EQ(runs_made(), 6);
  EXPECT_THAT(store.runs, SizeIs(6));
  EXPECT_EQ(machine.limits[0], 250);
}

TEST_F(Sweeping, ASignalBetweenTwoRunsEndsItToo) {
  series.interrupt_pause_at = 2;

  const Sweep done = sweep();

  EXPECT_EQ(done.interrupted, 2);
  EXPECT_EQ(runs_made(), 2);
  EXPECT_EQ(machine.limits[0], 250);
}

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

TEST_F(Sweeping, WithoutPermissionStartsNothing) {
  caps.denied = true;

  EXPECT_EQ(failure().code, ErrorCode::kDenied);
  EXPECT_EQ(runs_made(), 0);
  EXPECT_THAT(store.runs, IsEmpty());
}

TEST_F(Sweeping, ACommandThatCannotBeStartedIsAnErrorAndLeavesNoRun) {
  machine.job = [](double, int) {
    FakeRun run;
    run.start_failure = Error{ErrorCode::kUnavailable, "train: command not found"};
    return run;
  };

  EXPECT_THAT(failure().message, HasSubstr("command not found"));
  EXPECT_THAT(store.runs, IsEmpty());
  EXPECT_EQ(machine.limits[0], 250);
  EXPECT_EQ(machine.log.back(), "release");
}

TEST_F(Sweeping, AFullDiskEndsItWithWhatIsThere) {
  machine.job = [this](double cap, int number) {
    if (number == 6) store.full = true;
    return compute_bound(cap, number);
  };

  const Sweep done = sweep();

  EXPECT_FALSE(done.succeeded());
  EXPECT_THAT(done.runs, SizeIs(7));
  EXPECT_THAT(done.notes, Contains(HasSubstr("the disk is full")));
  EXPECT_EQ(machine.limits[0], 250);
}

}  // namespace
}  // namespace joulery
