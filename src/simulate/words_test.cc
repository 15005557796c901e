// simulate: caps as a user types them, and from a table; shares.
#include <gtest/gtest.h>

#include "joulery/simulate.h"

namespace joulery {
namespace {

TEST(CapEffect, IsOfTheCapOfLeastEnergyOrTheOneAskedFor) {
  const CapGroup group{{},
                       1,
                       false,
                       {{Watts(150), Seconds(110), Joules(17'000)},
                        {Watts(250), Seconds(100), Joules(20'000)},
                        {Watts(200), Seconds(102), Joules(18'000)}},
                       {}};
  const auto least = cap_effect_of(group, {});
  ASSERT_TRUE(least) << least.error().message;
  EXPECT_EQ(least->cap, "150W");
  EXPECT_DOUBLE_EQ(least->time, 1.1);
  EXPECT_DOUBLE_EQ(least->energy, 0.85);
  EXPECT_DOUBLE_EQ(cap_effect_of(group, Watts(200))->time, 1.02);
  EXPECT_EQ(cap_effect_of(group, Watts(100)).error().code, ErrorCode::kUsage);
  EXPECT_EQ(cap_effect_of(group, Watts(250)).error().code, ErrorCode::kUsage);
  CapGroup useless = group;
  useless.rows[0].energy = useless.rows[2].energy = Joules(20'000);
  EXPECT_EQ(cap_effect_of(useless, {}).error().code, ErrorCode::kInvalid);
}

TEST(CapEffect, OfASweepIsHeldAgainstTheLimitFoundAndAsSure) {
  CapGroup group;
  group.rows = {{Watts(150), Seconds(110), Joules(16'000), 3, Joules(27'000), 0.01, 0.02},
                {Watts(200), Seconds(100), Joules(20'000), 4, Joules(30'000)},
                {Watts(250), Seconds(99), Joules(22'000), 3, Joules(33'000), 0.01, 0.02}};
  group.baseline = Watts(200);
  const auto effect = cap_effect_of(group, {});
  ASSERT_TRUE(effect) << effect.error().message;
  EXPECT_EQ(effect->cap, "150W");
  EXPECT_DOUBLE_EQ(effect->time, 1.1);
  EXPECT_DOUBLE_EQ(effect->energy, 0.9) << "of the node";
  EXPECT_EQ(effect->energy_u, 0.02);
}

TEST(CapEffect, IsOfALimitBelowTheBaselineAlone) {
  CapGroup group;
  group.rows = {{Watts(150), Seconds(100), Joules(20'000)},
                {Watts(250), Seconds(90), Joules(19'600)}};
  group.baseline = Watts(150);

  EXPECT_EQ(cap_effect_of(group, {}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(cap_effect_of(group, Watts(250)).error().code, ErrorCode::kUsage);
}

TEST(CapCurve, IsTwoCapsOfWhichTheSecondIsSlower) {
  const auto cap = parse_cap_curve("250W=1/1, 150W=1.08/0.8", "--cap-curve");
  ASSERT_TRUE(cap) << cap.error().message;
  EXPECT_EQ(cap->cap, "150W");
  EXPECT_DOUBLE_EQ(cap->time, 1.08);
  EXPECT_DOUBLE_EQ(cap->energy, 0.8);
  EXPECT_DOUBLE_EQ(parse_cap_curve("1kW=2/4,150W=3/3", "-")->time, 1.5);
  for (const char* wrong :
       {"", "250W=1/1", "250W=1/1,150W=0.9/0.8", "250W=1/1,150=1.1/0.8", "250W=1/1,150W=1.1",
        "250W=1/1,150W=0/1", "a,b", "150W=1/1,250W=1.1/0.8", "250W=1/1,150W=1e9/1",
        "250W=1/1,150W=1.1/0.9,100W=2/1", "1e300W=1/1,150W=1.1/0.9", "250W=1/1,0W=1.1/0.9"}) {
    const auto refused = parse_cap_curve(wrong, "--cap-curve");
    ASSERT_FALSE(refused) << wrong;
    EXPECT_EQ(refused.error().code, ErrorCode::kUsage);
  }
}

TEST(SavedShare, IsNotToldOfWhatIsNotAboveZero) {
  EXPECT_DOUBLE_EQ(saved_share(75, 100).value(), 0.25);
  EXPECT_FALSE(saved_share(-20, -10)) << "a bill below zero that grew would look like a loss";
  EXPECT_FALSE(saved_share(0, 0));
}

}  // namespace
}  // namespace joulery
