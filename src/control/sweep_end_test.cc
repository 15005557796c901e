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
