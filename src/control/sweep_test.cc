#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "control/sweep_fixture.h"

namespace joulery {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

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

TEST_F(Sweeping, RepeatsMoreWhereTheScatterHidesTheBound) {
  options.repeat.reset();
  options.rules.max_slowdown = 0.05;
  machine.job = noisy_steps;

  const Sweep done = sweep();

  EXPECT_TRUE(done.succeeded());
  EXPECT_EQ(runs_made(), 33);  // 3 caps x 8, and 9 at the found limit
  EXPECT_EQ(point_at(done, 150).trials, 8u);
  EXPECT_EQ(std::count(machine.log.begin(), machine.log.end(), "take"), 1);
  EXPECT_THAT(done.notes, Contains(HasSubstr("8 runs at each cap")));
}

TEST_F(Sweeping, MoreRepeatsThatTakeTooLongAreLeftToTheUser) {
  options.repeat.reset();
  options.rules.max_slowdown = 0.05;
  machine.job = [](double cap, int number) {
    FakeRun run = noisy_steps(cap, number);
    run.time_s *= 36;  // about an hour
    return run;
  };

  const Sweep done = sweep();

  EXPECT_TRUE(done.succeeded());
  EXPECT_EQ(runs_made(), 13);
  EXPECT_EQ(point_at(done, 150).trials, 3u);
  EXPECT_THAT(done.notes, Contains(HasSubstr("20 more runs, about 2")));
  EXPECT_THAT(done.notes, Contains(HasSubstr("--repeat 8 --resume")));
}

TEST_F(Sweeping, SaysHowManyRunsThereMayBeBeforeItMakesThem) {
  std::vector<std::pair<int, std::string>> news;  // behind how many runs
  const auto listen = [&] {
    news.clear();
    machine.runs = 0;
    const auto done = run_sweep(options, {caps, series, store, [&](const SweepProgress& progress) {
                                            if (!progress.news.empty())
                                              news.emplace_back(runs_made(), progress.news);
                                          }});
    EXPECT_TRUE(done) << done.error().message;
  };
  options.repeat.reset();
  options.rules.max_slowdown = 0.05;
  machine.job = noisy_steps;
  listen();

  ASSERT_THAT(news, SizeIs(2));
  EXPECT_EQ(news[0].first, 0);
  EXPECT_THAT(news[0].second, HasSubstr("13 runs, "));
  EXPECT_THAT(news[0].second, HasSubstr("up to 20 more"));
  EXPECT_THAT(news[0].second, HasSubstr("--repeat 3"));
  EXPECT_EQ(news[1].first, 13);
  EXPECT_THAT(news[1].second, HasSubstr("20 more runs, about "));

  options.repeat = 3;
  listen();
  EXPECT_THAT(news, IsEmpty());
}

TEST_F(Sweeping, ThreeRepeatsAreEnoughForEvenStepsOrWithoutABound) {
  options.repeat.reset();
  options.rules.max_slowdown = 0.1;
  sweep();
  EXPECT_EQ(runs_made(), 13);

  options.rules.max_slowdown.reset();
  machine.job = noisy_steps;
  sweep();
  EXPECT_EQ(runs_made(), 26);
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

TEST_F(Sweeping, SaysThatProcessesOutlivedARun) {
  machine.job = [](double cap, int number) {
    FakeRun run = compute_bound(cap, number);
    if (number == 3) run.survivors = {{4711, "loader"}};
    return run;
  };

  EXPECT_THAT(sweep().notes, Contains(HasSubstr("of 1 of the 13 runs processes went on when the "
                                                "command had ended, loader (process 4711)")));
}

TEST_F(Sweeping, OfBoardsFoundApartTellsTheirMeanFromACapOfThat) {
  FakeMachine two(2);
  two.found[1].requested = two.found[1].enforced = Watts(150);
  two.limits[1] = 150;
  // Runs at the 250 and 150 W that were found take longer than at 200 W each.
  two.job = [&two](double, int) {
    return FakeRun{.time_s = two.limits[0] == two.limits[1] ? 80.0 : 100.0, .power_w = 90};
  };
  FakeCaps controls(two);
  FakeSeries sessions(two);
  options.caps = {{200}};

  const auto done = run_sweep(options, {controls, sessions, store, {}});

  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->found, Watts(200));
  ASSERT_TRUE(done->choice);
  ASSERT_THAT(done->choice->points, SizeIs(2));
  const CapPoint& capped = done->choice->points[1 - done->choice->baseline];
  EXPECT_FALSE(capped.baseline);
  EXPECT_EQ(capped.trials, 3u);
  EXPECT_NEAR(capped.time_change->pct, -20, 1e-6);
}

TEST_F(Sweeping, ForMoneyWithoutAPriceStartsNothing) {
  options.rules.objective = Objective::kCost;

  EXPECT_EQ(failure().code, ErrorCode::kUsage);
  EXPECT_THAT(machine.log, IsEmpty());
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

TEST_F(Sweeping, SaysThatADeviceIsBusyBeforeItBegins) {
  options.cool_down.reset();
  options.repeat = 1;
  EXPECT_THAT(sweep().notes, IsEmpty());
  machine.idle_power_w = 200;

  EXPECT_THAT(sweep().notes, Contains(HasSubstr("another job may be running")));
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
