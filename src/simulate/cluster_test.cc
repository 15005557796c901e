// simulate: the queue against one that looks at every moment.
#include "simulate/cluster.h"

#include <gtest/gtest.h>

#include <numeric>
#include <optional>
#include <set>

#include "simulate/made_workload.h"

namespace joulery::simulate {
namespace {

Parts planned(const std::vector<MovableJob>& jobs, const std::vector<Micros>& delays) {
  Parts parts = parts_now(jobs);
  for (std::size_t i = 0; i < delays.size(); ++i) parts.all[i].begin += delays[i];
  return parts;
}

/// In the order of the plan, each at the first moment, not before the one ahead of it, at which
/// enough devices are free: tried at every end there is.
std::vector<WallTime> by_trying(const std::vector<MovableJob>& jobs, const Parts& plan,
                                double capacity) {
  std::vector<std::size_t> order(jobs.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return plan.all[a].begin < plan.all[b].begin;
  });
  std::vector<WallTime> starts(jobs.size());
  std::vector<std::size_t> started;
  WallTime ahead{};
  for (const std::size_t job : order) {
    if (jobs[job].devices == 0) {
      starts[job] = plan.all[job].begin;
      continue;
    }
    std::vector<WallTime> moments{std::max(ahead, plan.all[job].begin)};
    for (const std::size_t other : started) moments.push_back(starts[other] + jobs[other].length);
    std::sort(moments.begin(), moments.end());
    for (const WallTime moment : moments) {
      if (moment < std::max(ahead, plan.all[job].begin)) continue;
      double in_use = 0;
      for (const std::size_t other : started)
        if (starts[other] + jobs[other].length > moment) in_use += jobs[other].devices;
      if (in_use + jobs[job].devices > capacity + 1e-7) continue;
      ahead = starts[job] = moment;
      break;
    }
    started.push_back(job);
  }
  return starts;
}

TEST(Cluster, StartsJobsAsTryingEveryMomentDoes) {
  std::mt19937_64 random(3);
  for (int trial = 0; trial < 200; ++trial) {
    Workload workload = random_jobs(40, hours(72), random);
    if (trial % 2 == 0)  // many at the same second
      for (MovableJob& job : workload.jobs) {
        job.release = kYear + hours((job.release - kYear) / hours(1));
        job.length = std::max<Micros>(hours(1), hours(job.length / hours(1)));
        job.devices = std::floor(job.devices);
      }
    std::vector<Micros> delays;
    for (std::size_t i = 0; i < 40; ++i) delays.push_back(hours(random() % 24));
    Parts parts = planned(workload.jobs, delays);
    const std::vector<WallTime> expected = by_trying(workload.jobs, parts, 10);

    const ClusterRun run = run_cluster(workload.jobs, {devices_of(10)}, parts);
    for (std::size_t i = 0; i < 40; ++i) ASSERT_EQ(parts.all[i].begin, expected[i]) << i;
    EXPECT_LE(run.peak, devices_of(10));
  }
}

/// The same with backfill, looked at anew at every microsecond at which something happens.
std::vector<WallTime> by_trying_to_fill(const std::vector<MovableJob>& jobs, const Parts& plan,
                                        double capacity) {
  std::vector<WallTime> starts(jobs.size(), WallTime::max());
  std::vector<std::size_t> order(jobs.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return plan.all[a].begin < plan.all[b].begin;
  });
  const auto in_use = [&](WallTime moment) {
    double sum = 0;
    for (std::size_t i = 0; i < jobs.size(); ++i)
      if (starts[i] <= moment && starts[i] + jobs[i].length > moment) sum += jobs[i].devices;
    return sum;
  };
  const auto has_room = [&](std::size_t job, WallTime moment) {
    return in_use(moment) + jobs[job].devices <= capacity + 1e-7;
  };
  std::set<WallTime> moments;
  for (const Part& part : plan.all) moments.insert(part.begin);
  for (auto now = moments.begin(); now != moments.end(); ++now) {
    const auto start = [&](std::size_t job) {
      starts[job] = *now;
      moments.insert(*now + jobs[job].length);
    };
    std::optional<std::size_t> first;  // that waits, and when it will start
    WallTime reserved{};
    for (const std::size_t job : order) {
      if (starts[job] != WallTime::max() || plan.all[job].begin > *now) continue;
      if (jobs[job].devices == 0 || (!first && has_room(job, *now))) {
        start(job);
      } else if (!first) {
        first = job;
        for (reserved = *now; !has_room(job, reserved);) reserved = *moments.upper_bound(reserved);
      } else if (has_room(job, *now)) {
        start(job);  // unless the first would not find its devices then
        const bool delays = !has_room(*first, reserved);
        if (delays) starts[job] = WallTime::max();
      }
    }
  }
  return starts;
}

TEST(Cluster, FillsBehindTheFirstAsTryingEveryMomentDoes) {
  std::mt19937_64 random(6);
  double waited = 0, waited_in_line = 0;
  for (int trial = 0; trial < 200; ++trial) {
    Workload workload = random_jobs(40, hours(72), random);
    for (MovableJob& job : workload.jobs) job.devices = std::floor(job.devices * 1000 + 0.5) / 1000;
    Parts parts = parts_now(workload.jobs);
    const std::vector<WallTime> expected = by_trying_to_fill(workload.jobs, parts, 10);
    Parts in_line = parts;

    const ClusterRun run =
        run_cluster(workload.jobs, {devices_of(10), QueueRule::kBackfill}, parts);
    for (std::size_t i = 0; i < 40; ++i) ASSERT_EQ(parts.all[i].begin, expected[i]) << i;
    EXPECT_LE(run.peak, devices_of(10));
    waited += run.first_delays.count();
    waited_in_line += run_cluster(workload.jobs, {devices_of(10)}, in_line).first_delays.count();
  }
  EXPECT_LT(waited, 0.8 * waited_in_line);
}

TEST(Cluster, NeverFillsWhatWouldDelayTheFirst) {
  // Four devices: three in use up to 5 h; the first waits for three.
  const std::vector<MovableJob> jobs = {{kYear, hours(5), 3, Watts(1)},
                                        {kYear + hours(1), hours(1), 3, Watts(1)},
                                        {kYear + hours(1), hours(9), 1, Watts(1)},
                                        {kYear + hours(1), hours(9), 1, Watts(1)},
                                        {kYear + hours(2), hours(3), 1, Watts(1)}};
  Parts parts = parts_now(jobs);
  run_cluster(jobs, {devices_of(4), QueueRule::kBackfill}, parts);
  EXPECT_EQ(parts.all[1].begin, kYear + hours(5));
  EXPECT_EQ(parts.all[2].begin, kYear + hours(1)) << "the one device that the first leaves";
  EXPECT_EQ(parts.all[3].begin, kYear + hours(6));
  EXPECT_EQ(parts.all[4].begin, kYear + hours(6));
}

/// Devices in use, summed anew at every begin of a part.
DeviceCount most_in_use(const std::vector<MovableJob>& jobs, const Parts& parts) {
  DeviceCount most = 0;
  for (const Part& moment : parts.all) {
    DeviceCount in_use = 0;
    for (std::size_t i = 0; i < jobs.size(); ++i)
      for (std::uint32_t p = parts.first[i]; p < parts.first[i + 1]; ++p)
        if (parts.all[p].begin <= moment.begin && parts.all[p].end() > moment.begin)
          in_use += devices_of(jobs[i].devices);
    most = std::max(most, in_use);
  }
  return most;
}

TEST(Cluster, NeverHasMoreInUseNorAPartBeforeItsTimeOrTheOneAheadOfIt) {
  std::mt19937_64 random(4);
  for (int trial = 0; trial < 50; ++trial) {
    const Workload workload = random_jobs(60, hours(72), random);
    Parts plan;
    for (const MovableJob& job : workload.jobs) {
      const std::int64_t pieces = 1 + static_cast<std::int64_t>(random() % 4);
      WallTime begin = job.release;
      for (std::int64_t p = 0; p < pieces; ++p) {
        begin += hours(random() % 10);
        plan.add({begin, job.length / pieces + Micros(1)});
        begin = plan.all.back().end();
      }
      plan.finish_job();
    }
    Parts parts = plan;
    const ClusterRun run = run_cluster(workload.jobs, {devices_of(12.5)}, parts);

    EXPECT_LE(most_in_use(workload.jobs, parts), devices_of(12.5));
    EXPECT_EQ(most_in_use(workload.jobs, parts), run.peak);
    for (std::size_t i = 0; i < workload.jobs.size(); ++i)
      for (std::uint32_t p = parts.first[i]; p < parts.first[i + 1]; ++p) {
        EXPECT_GE(parts.all[p].begin, plan.all[p].begin);
        EXPECT_EQ(parts.all[p].length, plan.all[p].length);
        if (p > parts.first[i]) {
          EXPECT_GE(parts.all[p].begin, parts.all[p - 1].end());
        }
      }
  }
}

TEST(Cluster, WithoutABoundRunsThePlan) {
  std::mt19937_64 random(5);
  const Workload workload = random_jobs(100, hours(24), random);
  Parts parts = parts_now(workload.jobs);
  const ClusterRun run = run_cluster(workload.jobs, {{}}, parts);
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(parts.all[i].begin, workload.jobs[i].release);
  EXPECT_EQ(run.peak, most_in_use(workload.jobs, parts));
  EXPECT_EQ(run.peak_queue, 0u);
  EXPECT_EQ(run.first_delays.count(), 0);
}

TEST(Cluster, LetsJobsWithoutDevicesPassTheQueue) {
  const std::vector<MovableJob> jobs = {{kYear, hours(5), 4, Watts(1)},
                                        {kYear + hours(1), hours(1), 4, Watts(1)},
                                        {kYear + hours(2), hours(1), 0, Watts(1)}};
  Parts parts = parts_now(jobs);
  const ClusterRun run = run_cluster(jobs, {devices_of(4)}, parts);
  EXPECT_EQ(parts.all[1].begin, kYear + hours(5));
  EXPECT_EQ(parts.all[2].begin, kYear + hours(2));
  EXPECT_EQ(run.peak_queue, 1u);
  EXPECT_DOUBLE_EQ(run.first_delays.count(), 4 * 3600.0);
}

}  // namespace
}  // namespace joulery::simulate
