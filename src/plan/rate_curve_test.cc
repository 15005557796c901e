// plan: the integral of a rate over time.
#include <gtest/gtest.h>

#include <limits>

#include "joulery/plan.h"
#include "plan/made_times.h"

namespace joulery {
namespace {

RateCurve curve_of(std::vector<SeriesPiece> pieces) {
  auto curve = RateCurve::make(std::move(pieces));
  EXPECT_TRUE(curve);
  return std::move(curve).value();
}

TEST(RateCurve, IntegratesPartsOfPieces) {
  const RateCurve curve = curve_of({{at(0), at(1), 2}, {at(1), at(3), -1}});

  EXPECT_DOUBLE_EQ(*curve.integral(at(0), at(3)), 2 * 3600 - 2 * 3600);
  EXPECT_DOUBLE_EQ(*curve.integral(at(0) + std::chrono::minutes(30), at(2)), 1800 * 2 - 3600);
  EXPECT_DOUBLE_EQ(*curve.integral(at(2), at(2)), 0);
}

TEST(RateCurve, KnowsNothingOfGapsAndBeyondItsEnds) {
  const RateCurve curve = curve_of({{at(0), at(1), 2}, {at(2), at(3), 1}});

  EXPECT_FALSE(curve.integral(at(0), at(2)));
  EXPECT_FALSE(curve.integral(at(1), at(3)));
  EXPECT_FALSE(curve.integral(at(2), at(4)));
  EXPECT_FALSE(curve.integral(at(-1), at(1)));
  EXPECT_FALSE(curve.integral(at(1), at(0)));
  EXPECT_TRUE(curve.integral(at(2), at(3)));
}

TEST(RateCurve, TellsUntilWhenAllIsKnown) {
  const RateCurve curve = curve_of({{at(0), at(1), 2}, {at(1), at(2), 2}, {at(3), at(4), 1}});

  EXPECT_EQ(curve.known_until(at(0)), at(2));
  EXPECT_EQ(curve.known_until(at(1)), at(2));
  EXPECT_EQ(curve.known_until(at(2)), at(2));
  EXPECT_EQ(curve.known_until(at(3)), at(4));
  EXPECT_EQ(curve.known_until(at(9)), at(4));
}

TEST(RateCurve, RefusesWhatIsNoSeries) {
  const double nan = std::numeric_limits<double>::quiet_NaN();

  EXPECT_FALSE(RateCurve::make({}));
  EXPECT_FALSE(RateCurve::make({{at(1), at(1), 2}}));
  EXPECT_FALSE(RateCurve::make({{at(0), at(1), nan}}));
  EXPECT_FALSE(RateCurve::make({{at(0), at(2), 1}, {at(1), at(3), 1}}));
  EXPECT_FALSE(RateCurve::make({{WallTime::min(), WallTime::max(), 1}}));
}

// Ten million seconds of a rate of a third: a plain sum of their hours is off by more.
TEST(RateCurve, LosesNothingOverALongSeries) {
  std::vector<SeriesPiece> pieces;
  for (int i = 0; i < 100'000; ++i) pieces.push_back({at(i), at(i + 1), 1.0 / 3});
  const RateCurve curve = curve_of(std::move(pieces));

  EXPECT_NEAR(*curve.integral(at(99'990), at(99'991)), 1200, curve.resolution());
}

}  // namespace
}  // namespace joulery
