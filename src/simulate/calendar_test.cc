// simulate: reservations against a list of minutes, and that plans made with them fit.
#include "simulate/calendar.h"

#include <gtest/gtest.h>

#include <optional>

#include "simulate/made_workload.h"

namespace joulery::simulate {
namespace {

using std::chrono::minutes;

TEST(Calendar, FindsRoomAsAListOfMinutesDoes) {
  std::mt19937_64 random(1);
  constexpr std::int64_t kMinutes = 500, kMost = 8000;  // none is held so late
  for (int trial = 0; trial < 50; ++trial) {
    Calendar calendar(kYear, kYear + minutes(kMost), 10);
    std::vector<DeviceCount> used(kMost, 0);
    for (int step = 0; step < 60; ++step) {
      const auto from = static_cast<std::int64_t>(random() % kMinutes);
      const std::int64_t length = 1 + static_cast<std::int64_t>(random() % 100);
      const auto devices = static_cast<DeviceCount>(1 + random() % 10);
      const auto has_room = [&](std::int64_t minute) {
        for (std::int64_t m = minute; m < minute + length; ++m)
          if (used[static_cast<std::size_t>(m)] + devices > 10) return false;
        return true;
      };
      std::int64_t first = from;
      while (!has_room(first)) ++first;
      ASSERT_EQ(calendar.has_room(kYear + minutes(from), kYear + minutes(from + length), devices),
                first == from);
      ASSERT_EQ(calendar.first_room(kYear + minutes(from), minutes(length), devices),
                kYear + minutes(first));
      calendar.hold(kYear + minutes(first), kYear + minutes(first + length), devices);
      for (std::int64_t m = first; m < first + length; ++m)
        used[static_cast<std::size_t>(m)] += devices;
    }
  }
}

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
  auto parts = parts_with_room(out.jobs, *outlook, shape, calendar);
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
  const auto parts = parts_in_windows(jobs, *outlook, shape);
  ASSERT_TRUE(parts);
  for (std::size_t i = 0; i < jobs.size(); ++i)
    EXPECT_EQ(made.parts.all[i].begin, parts->all[i].begin);
}

}  // namespace
}  // namespace joulery::simulate
