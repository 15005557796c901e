// simulate: plans made with reservations fit, and are late only where they have to be.
#include "simulate/windows.h"

#include <gtest/gtest.h>

#include <optional>

#include "simulate/made_workload.h"

namespace joulery::simulate {
namespace {

using std::chrono::minutes;

struct Planned {
  std::vector<MovableJob> jobs;
  Parts parts;
};

Planned planned(std::mt19937_64& random, double capacity, Micros slack) {
  Planned out{random_jobs(80, hours(96), random).jobs, {}};
  const Signals signals = signals_of(place_of(hourly(random_values(60 * 24, 1, 9, random))));
  auto outlook = Outlook::make(signals, signals.intensities(), nullptr);
  JobShape shape;
  shape.slack = slack;
  Calendar calendar(out.jobs.front().release, signals.end(), devices_of(capacity));
  auto parts = parts_in_windows(out.jobs, *outlook, shape, &calendar);
  EXPECT_TRUE(parts);
  if (parts) out.parts = *std::move(parts);
  return out;
}

TEST(Reservations, AllStartAsPlannedInAQueue) {
  std::mt19937_64 random(2);
  for (int trial = 0; trial < 30; ++trial) {
    Planned made = planned(random, 16, hours(24));
    const Parts plan = made.parts;
    const ClusterRun run = run_cluster(made.jobs, {devices_of(16)}, made.parts);
    EXPECT_EQ(run.first_delays.count(), 0);
    for (std::size_t i = 0; i < plan.all.size(); ++i) {
      EXPECT_EQ(made.parts.all[i].begin, plan.all[i].begin);
      EXPECT_GE(plan.all[i].begin, made.jobs[i].release);
    }
  }
}

/// Whether the job, in any minute of its slack, would have found room beside those before it.
std::optional<WallTime> room_in_slack(const Planned& made, std::size_t job, DeviceCount capacity,
                                      Micros slack) {
  for (Micros late{0}; late <= slack; late += minutes(1)) {
    const WallTime begin = made.jobs[job].release + late, end = begin + made.jobs[job].length;
    bool fits = true;
    for (WallTime at = begin; at < end && fits; at += minutes(1)) {
      DeviceCount used = devices_of(made.jobs[job].devices);
      for (std::size_t i = 0; i < job; ++i)
        // As the calendar has it, in whole minutes.
        if (made.parts.all[i].begin - minutes(1) < at && at < made.parts.all[i].end() + minutes(1))
          used += devices_of(made.jobs[i].devices);
      fits = used <= capacity;
    }
    if (fits) return begin;
  }
  return {};
}

TEST(Reservations, AreLateOnlyWhereNoMinuteOfTheSlackHasRoom) {
  std::mt19937_64 random(3);
  std::size_t late = 0;
  for (int trial = 0; trial < 3; ++trial) {
    const Planned made = planned(random, 12, hours(12));
    for (std::size_t i = 0; i < made.jobs.size(); ++i) {
      if (made.parts.all[i].begin <= made.jobs[i].release + hours(12)) continue;
      ++late;
      EXPECT_FALSE(room_in_slack(made, i, devices_of(12), hours(12))) << i;
    }
  }
  EXPECT_GT(late, 0u);
}

TEST(Reservations, WithDevicesEnoughAreTheBestWindows) {
  std::mt19937_64 random(4), same(4);
  const Planned made = planned(random, 1e6, hours(24));
  const std::vector<MovableJob> jobs = random_jobs(80, hours(96), same).jobs;
  const Signals signals = signals_of(place_of(hourly(random_values(60 * 24, 1, 9, same))));
  auto outlook = Outlook::make(signals, signals.intensities(), nullptr);
  JobShape shape;
  shape.slack = hours(24);
  const auto parts = parts_in_windows(jobs, *outlook, shape, nullptr);
  ASSERT_TRUE(parts);
  for (std::size_t i = 0; i < jobs.size(); ++i)
    EXPECT_EQ(made.parts.all[i].begin, parts->all[i].begin);
}

}  // namespace
}  // namespace joulery::simulate
