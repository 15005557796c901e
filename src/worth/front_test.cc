// worth: who is on the front of metric against energy.
#include <gtest/gtest.h>

#include "joulery/worth.h"

namespace joulery {
namespace {

WorthPoint point(double metric, std::optional<double> energy_j) {
  WorthPoint out;
  out.metric = metric;
  out.energy_j = energy_j;
  return out;
}

TEST(Front, HoldsWhatNoOtherBeats) {
  const std::vector<WorthPoint> points = {point(28, 10), point(27, 12), point(29, 100),
                                          point(28, 11), point(20, 1),  point(30, {})};

  const auto on = front_of(points, &WorthPoint::energy_j, Better::kHigher);

  EXPECT_EQ(on, (std::vector<bool>{true, false, true, false, true, false}));
}

TEST(Front, KeepsEqualPointsAndTurnsRoundForLosses) {
  const std::vector<WorthPoint> points = {point(0.3, 5), point(0.3, 5), point(0.4, 5),
                                          point(0.2, 9)};

  const auto on = front_of(points, &WorthPoint::energy_j, Better::kLower);

  EXPECT_EQ(on, (std::vector<bool>{true, true, false, true}));
}

TEST(Front, OfNothing) { EXPECT_TRUE(front_of({}, &WorthPoint::cost, Better::kHigher).empty()); }

}  // namespace
}  // namespace joulery
