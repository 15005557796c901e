// project: the jobs of a log, and finding one that was there.
#include "project/job_store.h"

#include <gtest/gtest.h>

namespace joulery::project {
namespace {

JobRecord job_of(std::uint64_t id, std::int64_t start) {
  JobRecord job;
  job.id = id;
  job.start_us = start;
  return job;
}

TEST(JobStore, FindsTheSameIdAndStartAmongMany) {
  JobStore store;
  for (std::uint64_t i = 1; i <= 100'000; ++i) {
    const JobRecord job = job_of(i, static_cast<std::int64_t>(i % 7));
    ASSERT_EQ(store.find_or_index(job), nullptr);
    store.add(job);
  }

  EXPECT_EQ(store.find_or_index(job_of(50'000, 50'000 % 7)), &store[49'999]);
  EXPECT_EQ(store.find_or_index(job_of(50'000, 8)), nullptr);
}

TEST(JobStore, CountsFurtherAttempts) {
  JobStore store;
  for (const auto& [id, start] : {std::pair{1, 1}, {1, 2}, {2, 1}, {1, 3}, {0, 1}, {0, 2}}) {
    const JobRecord job = job_of(static_cast<std::uint64_t>(id), start);
    if (job.id != 0) {
      ASSERT_EQ(store.find_or_index(job), nullptr);
    }
    store.add(job);
  }
  EXPECT_EQ(store.count_repeats(), 2u);
}

TEST(JobStore, ManyAttemptsOfOneIdTakeNoLongerThanManyJobs) {
  JobStore store;
  for (std::int64_t i = 0; i < 300'000; ++i) {
    const JobRecord job = job_of(7, i);
    ASSERT_EQ(store.find_or_index(job), nullptr);
    store.add(job);
  }
  EXPECT_EQ(store.count_repeats(), 299'999u);
}

}  // namespace
}  // namespace joulery::project
