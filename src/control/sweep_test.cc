#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "control/fake_machine.h"
#include "joulery/control.h"

namespace joulery {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// A job of which a part waits for the clock; the best cap for its energy is 150 W of the three.
FakeRun compute_bound(double cap, int) {
  const double clock =
      std::min(1.0, std::cbrt((cap - 50) / 200));  // 50 W idle, 200 W at full clock
  FakeRun run;
  run.time_s = 100 * (0.5 + 0.5 / clock);
  run.power_w = std::min(cap, 250.0);
  run.throttle_share = cap < 250 ? 0.9 : 0;
  return run;
}

class Sweeping : public testing::Test {
 protected:
  Sweeping() {
    options.caps = {{200}, {150}, {100}};
    options.repeat = 3;
    options.cool_down = Seconds(0);
    options.seed = 17;
    options.job.command = {"train"};
    options.job.name = "train";
    machine.job = compute_bound;
  }
  Sweep sweep() {
    auto done = run_sweep(options, {caps, series, store, {}});
    EXPECT_TRUE(done) << done.error().message;
    return done ? std::move(*done) : Sweep{};
  }
  Error failure() {
    auto done = run_sweep(options, {caps, series, store, {}});
    EXPECT_FALSE(done);
    return done ? Error{} : done.error();
  }
  int runs_made() const { return machine.runs; }

  FakeMachine machine;
  FakeCaps caps{machine};
  FakeSeries series{machine};
  FakeStore store;
  SweepOptions options;
};

const CapPoint& point_at(const Sweep& sweep, double cap) {
  for (const CapPoint& point : sweep.choice->points)
    if (point.cap.count() == cap) return point;
  ADD_FAILURE() << "no point at " << cap;
  return sweep.choice->points.at(0);
}

TEST_F(Sweeping, MeasuresEachCapAgainstTheFoundLimitAndGivesItBack) {
  const Sweep done = sweep();

  EXPECT_TRUE(done.succeeded());
  EXPECT_EQ(runs_made(), 13);  // 3 caps x 3, and 4 at the found limit
  EXPECT_EQ(machine.limits[0], 250);
  EXPECT_EQ(machine.log.front(), "take");
  EXPECT_EQ(machine.log.back(), "release");
  ASSERT_TRUE(done.choice) << done.no_choice;
  EXPECT_THAT(done.choice->points, SizeIs(4));
  EXPECT_EQ(point_at(done, 150).trials, 3u);
  EXPECT_EQ(point_at(done, 250).trials, 4u);
  EXPECT_TRUE(point_at(done, 250).baseline);
  const FakeRun truth = compute_bound(150, 0), base = compute_bound(250, 0);
  EXPECT_NEAR(point_at(done, 150).time_change->pct, 100 * (truth.time_s / base.time_s - 1), 1e-6);
  EXPECT_NEAR(*point_at(done, 150).throttle_share, 0.9, 1e-6);
  EXPECT_NEAR(*point_at(done, 150).clock_mhz, 1200, 1e-9);
  EXPECT_THAT(point_at(done, 150).runs, SizeIs(3));
  EXPECT_EQ(done.equal_work_by, "exit status");
}

TEST_F(Sweeping, EnergyIsOfTheNodeWhereMoreThanTheDevicesIsMeasured) {
  machine.other_power_w = 100;

  const Sweep done = sweep();

  const FakeRun at_150 = compute_bound(150, 0), base = compute_bound(250, 0);
  const auto node = [](const FakeRun& run) { return run.time_s * (run.power_w + 100); };
  EXPECT_TRUE(done.choice->has_node);
  EXPECT_NEAR(point_at(done, 150).energy_change->pct, 100 * (node(at_150) / node(base) - 1), 1e-3);
  EXPECT_LT(point_at(done, 150).device_energy_change->pct, point_at(done, 150).energy_change->pct);
}

TEST_F(Sweeping, AModelOfTheRestOfTheNodeDecidesNothing) {
  machine.other_power_w = 100;
  machine.other_is_modelled = true;

  const Sweep done = sweep();

  EXPECT_FALSE(done.choice->has_node);
  EXPECT_EQ(point_at(done, 150).energy, point_at(done, 150).device_energy);
}

TEST_F(Sweeping, RunsBearTagsOfTheirSweepCapAndPlace) {
  const Sweep done = sweep();

  ASSERT_THAT(store.runs, SizeIs(13));
  const auto& tags = store.runs.at(done.runs[1].id).job.tags;
  EXPECT_THAT(tags, Contains(std::pair<std::string, std::string>("sweep", done.id)));
  EXPECT_THAT(tags, Contains(std::pair<std::string, std::string>("sweep.step", "1")));
  EXPECT_THAT(tags, Contains(testing::Pair("sweep.cap", testing::EndsWith(" W"))));
}

TEST_F(Sweeping, ATagOfTheSweepsOwnIsRefusedBeforeAnythingStarts) {
  options.job.tags = {{"sweep.cap", "mine"}};

  EXPECT_THAT(failure().message, HasSubstr("sweep.cap"));
  EXPECT_THAT(machine.log, IsEmpty());
}

TEST_F(Sweeping, AWarmUpIsMeasuredButNotCounted) {
  options.warm_up = true;

  const Sweep done = sweep();

  EXPECT_EQ(runs_made(), 14);
  EXPECT_TRUE(done.runs[0].warm_up);
  EXPECT_EQ(point_at(done, 250).trials, 4u);
}

TEST_F(Sweeping, ACommandThatFailsAtOneCapMarksThatPointAndGoesOn) {
  machine.job = [](double cap, int number) {
    FakeRun run = compute_bound(cap, number);
    if (cap == 100) run.exit_status = 3;
    return run;
  };

  const Sweep done = sweep();

  EXPECT_FALSE(done.succeeded());
  EXPECT_EQ(runs_made(), 13);
  EXPECT_EQ(point_at(done, 100).failed, 3u);
  EXPECT_FALSE(point_at(done, 100).time_change);
  EXPECT_TRUE(point_at(done, 150).time_change);
  EXPECT_EQ(machine.limits[0], 250);
}

TEST_F(Sweeping, RunsWithOtherNumbersOfMarksAreNotCompared) {
  machine.job = [](double cap, int number) {
    FakeRun run = compute_bound(cap, number);
    run.marks = cap == 100 ? 4 : 5;
    return run;
  };

  const Sweep done = sweep();

  EXPECT_FALSE(done.equal_work);
  EXPECT_EQ(done.equal_work_by, "marks");
  EXPECT_TRUE(point_at(done, 100).unequal);
  EXPECT_FALSE(point_at(done, 100).time_change);
  EXPECT_TRUE(point_at(done, 150).time_change);
}

TEST_F(Sweeping, RunsThatWroteAnotherFileAreNotCompared) {
  options.same = testing::TempDir() + "joulery-sweep-same-" + std::to_string(::getpid());
  machine.job = [this](double cap, int number) {
    FakeRun run = compute_bound(cap, number);
    run.meanwhile = [this, cap, number] {
      if (cap == 150) return;  // leaves the file of the run before
      std::ofstream(options.same) << (cap == 100 ? "other" : "same");
      // A file system's clock may stand still for some milliseconds, and these runs take none.
      const std::chrono::seconds later{number};
      std::filesystem::last_write_time(options.same, std::filesystem::file_time_type(later));
    };
    return run;
  };

  const Sweep done = sweep();
  std::remove(options.same.c_str());

  EXPECT_EQ(done.equal_work_by, "file");
  EXPECT_TRUE(point_at(done, 100).unequal);
  EXPECT_TRUE(point_at(done, 150).unequal) << "a file that a run did not write tells nothing";
  EXPECT_FALSE(point_at(done, 200).unequal);
}

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
  EXPECT_EQ(runs_made(), 6 + 8) << "the interrupted one is made again";
  EXPECT_THAT(second.runs, SizeIs(13));
  EXPECT_EQ(second.runs[0].id, first.runs[0].id);
  EXPECT_TRUE(second.runs[0].resumed);
  EXPECT_FALSE(second.runs[5].resumed);
  EXPECT_EQ(point_at(second, 150).trials, 3u);
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

TEST_F(Sweeping, ForMoneyWithoutAPriceStartsNothing) {
  options.rules.objective = Objective::kCost;

  EXPECT_EQ(failure().code, ErrorCode::kUsage);
  EXPECT_THAT(machine.log, IsEmpty());
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

TEST_F(Sweeping, CoolsDownToTheIdlePowerThatWasMeasuredFirst) {
  options.cool_down.reset();
  options.repeat = 1;
  options.caps = {{150}};

  const Sweep done = sweep();

  ASSERT_TRUE(done.idle_power);
  EXPECT_NEAR(done.idle_power->count(), 50, 1.5);
  EXPECT_THAT(done.notes, IsEmpty());
  EXPECT_THAT(machine.log, ElementsAre("take", "idle", "set 250", "run 250", "cool", "set 150",
                                       "run 150", "cool", "set 250", "run 250", "release"));
}

TEST_F(Sweeping, SaysThatTheIdlePowerDidNotReturn) {
  options.cool_down.reset();
  machine.job = [this](double cap, int number) {
    machine.idle_power_w = 80;
    return compute_bound(cap, number);
  };

  const Sweep done = sweep();

  EXPECT_THAT(done.notes, Contains(HasSubstr("before 12 runs the devices did not come back")));
}

TEST_F(Sweeping, OfACommandThatHandsItsWorkOverIsRefused) {
  options.job.command = {"srun", "train"};

  EXPECT_EQ(failure().code, ErrorCode::kUsage);
  EXPECT_THAT(machine.log, IsEmpty());
}

TEST_F(Sweeping, TellsHowFarItIsAndHowLongItTakes) {
  std::vector<SweepProgress> told;
  const auto done = run_sweep(options, {caps, series, store, [&](const SweepProgress& progress) {
                                          told.push_back(progress);
                                        }});

  ASSERT_TRUE(done);
  EXPECT_EQ(told.front().planned, 13u);
  EXPECT_FALSE(told.front().left);
  EXPECT_TRUE(told.back().left);
}

}  // namespace
}  // namespace joulery
