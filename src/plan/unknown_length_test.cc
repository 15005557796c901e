// plan: the length of a job that is not known.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "joulery/plan.h"

namespace joulery {
namespace {

using std::chrono::hours;
using testing::HasSubstr;

/// The expected length.
double expected_hours(const UnknownLength& length) {
  double sum = 0;
  for (const LoadStep& step : length.survival) sum += step.length.count() * step.share / 3600;
  return sum;
}

TEST(UnknownLength, IsARange) {
  const auto length = parse_unknown_length("6h..12h", "--duration");

  ASSERT_TRUE(length) << length.error().message;
  EXPECT_EQ(length->longest, hours(12));
  EXPECT_NEAR(expected_hours(*length), 9, 1e-9);
}

TEST(UnknownLength, IsQuantiles) {
  const auto length = parse_unknown_length("p50=6h, p90=10h", "--duration");

  ASSERT_TRUE(length) << length.error().message;
  EXPECT_EQ(length->longest, hours(10));
  EXPECT_NEAR(expected_hours(*length), 0.5 * 6 + 0.5 * 10, 1e-9);
  EXPECT_THAT(length->text, HasSubstr("90 % of such jobs end within 10 h"));
}

TEST(UnknownLength, RefusesWhatIsNone) {
  for (const char* text : {"12h..6h", "6h..", "p50=6h,p90=5h", "p90=6h,p50=7h", "p0=1h", "p101=1h",
                           "50=6h", "p50", "p50=6"})
    EXPECT_FALSE(parse_unknown_length(text, "--duration")) << text;
}

// The cheap hours come early, but the job may run into dear ones: only the expectation tells.
TEST(UnknownLength, IsPlannedByItsExpectation) {
  std::vector<SeriesPiece> pieces;
  const double rates[] = {5, 1, 1, 9, 3, 3, 3, 3};
  for (int i = 0; i < 8; ++i)
    pieces.push_back({WallTime(hours(i)), WallTime(hours(i + 1)), rates[i]});
  const auto curve = RateCurve::make(std::move(pieces));
  JobShape job;
  job.slack = hours(5);
  job.length = hours(3);

  job.profile = parse_unknown_length("p90=2h,p100=3h", "--duration")->survival;
  EXPECT_EQ(best_window(*curve, job)->slots[0].begin, WallTime(hours(1)));
  job.profile = parse_unknown_length("p10=2h,p100=3h", "--duration")->survival;
  EXPECT_NE(best_window(*curve, job)->slots[0].begin, WallTime(hours(1)));
}

}  // namespace
}  // namespace joulery
