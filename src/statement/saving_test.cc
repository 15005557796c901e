// statement: what a sweep over caps saved, from the tags of its runs.
#include <gmock/gmock.h>

#include <cmath>

#include "statement/statement_fixture.h"

namespace joulery {
namespace {

using testing::HasSubstr;

Account swept(const std::string& id, const std::string& cap, double joules, int hours) {
  Account run = later(made_run(id, joules), hours);
  run.job.tags = {{"sweep", "s"}, {"sweep.cap", cap}};
  return run;
}

std::vector<StatedSaving> savings(const std::vector<Account>& runs) {
  return make_statement(runs, "", {}).savings;
}

TEST(Saving, IsTheCapOfLeastEnergyAgainstTheLimitFound) {
  const auto found = savings({swept("a", "found 250 W", 1000, 0), swept("b", "150 W", 798, 2),
                              swept("c", "200 W", 900, 4), swept("d", "found 250 W", 1000, 6),
                              swept("e", "150 W", 802, 8), swept("f", "200 W", 900, 10),
                              swept("g", "warm-up", 10, 12)});

  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].cap, "150 W");
  EXPECT_EQ(found[0].baseline, "found 250 W");
  EXPECT_EQ(found[0].runs, 7U);
  EXPECT_NEAR(*found[0].energy_change.value, -0.2, 1e-12);
  // The scatter is 2 J and less than what each run draws anew, 30 J / sqrt(2) a mean.
  const double own = 30 / std::sqrt(2.0);
  EXPECT_NEAR(found[0].energy_change.u, 0.8 * std::hypot(own / 1000, own / 800), 1e-12);
}

TEST(Saving, OfSingleRunsIsNotTold) {
  const auto found = savings({swept("a", "found 250 W", 1000, 0), swept("b", "150 W", 800, 2)});

  ASSERT_EQ(found.size(), 1U);
  EXPECT_FALSE(found[0].energy_change);
  EXPECT_THAT(found[0].energy_change.why, HasSubstr("once only"));
}

TEST(Saving, FailedRunsDoNotCount) {
  Account failed = swept("b", "150 W", 100, 2);
  failed.job.exit_status = 1;

  EXPECT_TRUE(savings({swept("a", "found 250 W", 1000, 0), failed}).empty());
}

TEST(Saving, RunsThatSawDifferentPartsAreNotCompared) {
  std::vector<Account> runs = {swept("a", "found 250 W", 1000, 0), swept("b", "150 W", 800, 2),
                               swept("c", "found 250 W", 1000, 4), swept("d", "150 W", 800, 6)};
  runs[1].includes = {"gpu", "cpu"};

  const auto found = savings(runs);

  ASSERT_EQ(found.size(), 1U);
  EXPECT_FALSE(found[0].energy_change);
}

}  // namespace
}  // namespace joulery
