// slurm: time limits, against what sbatch 22.05 made of the same words.
#include "slurm/time_limit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace joulery {
namespace {

using testing::HasSubstr;

struct Case {
  const char* text;
  double minutes;
};
class TimeLimit : public testing::TestWithParam<Case> {};

TEST_P(TimeLimit, IsWhatSlurmMakesOfIt) {
  const auto limit = parse_time_limit(GetParam().text, "sbatch --time");

  ASSERT_TRUE(limit && *limit);
  EXPECT_DOUBLE_EQ((*limit)->count(), GetParam().minutes * 60);
}

// From `scontrol show job` for `sbatch --time=TEXT`.
INSTANTIATE_TEST_SUITE_P(OfSlurm, TimeLimit,
                         testing::Values(Case{"5", 5}, Case{"5:30", 6}, Case{"1:2:3", 63},
                                         Case{"2-3", 51 * 60}, Case{"2-3:4", 51 * 60 + 4},
                                         Case{"2-3:4:5", 51 * 60 + 5}, Case{"70:00", 70},
                                         Case{"1-30", 54 * 60}, Case{"0:0:30", 1}));

TEST(TimeLimit, NoneIsEmpty) {
  for (const char* const text : {"0", "UNLIMITED", "infinite", "-1"}) {
    const auto limit = parse_time_limit(text, "sbatch --time");
    EXPECT_TRUE(limit && !*limit) << text;
  }
}

TEST(TimeLimit, WhatIsNoneNamesWhereItStood) {
  for (const char* const text : {"", "1:", "x", "5.5", "1-", "-5", "1:2:3:4", "1-2:3:4:5", "+5",
                                 "1 h", "99999999999999999999"}) {
    const auto limit = parse_time_limit(text, "job.sh line 3");
    ASSERT_FALSE(limit) << text;
    EXPECT_THAT(limit.error().message, HasSubstr("job.sh line 3: \"")) << text;
  }
}

}  // namespace
}  // namespace joulery
