// policy: least squares with a knot at each baseline, against sums done by hand.
#include "policy/drift_fit.h"

#include <gtest/gtest.h>

#include <cmath>

namespace joulery {
namespace {

TEST(DriftFit, OneTrialBetweenTwoBaselinesIsHeldAgainstTheirLine) {
  const DriftFit fit = fit_drift({{0, 1.0, {}}, {1, 5.0, 0}, {4, 2.0, {}}}, 1);

  ASSERT_EQ(fit.effects.size(), 1u);
  EXPECT_NEAR(fit.effects[0].effect, 5.0 - (0.75 * 1.0 + 0.25 * 2.0), 1e-12);
  EXPECT_NEAR(fit.effects[0].spread, std::sqrt(1 + 0.75 * 0.75 + 0.25 * 0.25), 1e-12);
  EXPECT_EQ(fit.dof, 0);
  EXPECT_EQ(fit.variance, 0);
}

TEST(DriftFit, OutsideOfAllBaselinesTheDriftIsLevel) {
  const DriftFit fit = fit_drift({{1, 3.0, {}}, {2, 4.0, 0}, {9, 4.0, 0}}, 1);

  EXPECT_NEAR(fit.effects[0].effect, 1.0, 1e-12);
}

TEST(DriftFit, ScatterIsThatOfTheRepeats) {
  // Two caps about one baseline: +-0.1 of the first, +-0.2 of the second.
  const DriftFit fit =
      fit_drift({{0, 1.0, {}}, {1, 2.1, 0}, {2, 1.9, 0}, {3, 3.2, 1}, {4, 2.8, 1}}, 2);

  EXPECT_NEAR(fit.effects[0].effect, 1.0, 1e-12);
  EXPECT_NEAR(fit.effects[1].effect, 2.0, 1e-12);
  EXPECT_EQ(fit.dof, 2);
  EXPECT_NEAR(fit.variance, (2 * 0.01 + 2 * 0.04) / 2, 1e-12);
  EXPECT_NEAR(fit.effects[0].own_variance, 0.02, 1e-12);
  EXPECT_NEAR(fit.effects[1].own_variance, 0.08, 1e-12);
  EXPECT_EQ(fit.effects[0].own_dof, 1);
}

TEST(DriftFit, BaselinesAtOneTimeAreOneKnot) {
  const DriftFit fit = fit_drift({{0, 1.0, {}}, {0, 3.0, {}}, {1, 5.0, 0}}, 1);

  EXPECT_NEAR(fit.effects[0].effect, 3.0, 1e-12);
  EXPECT_EQ(fit.dof, 1);
}

}  // namespace
}  // namespace joulery
