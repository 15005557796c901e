// policy: the optimum of tables, by hand.
#include <gtest/gtest.h>

#include <limits>

#include "joulery/policy.h"

namespace joulery {
namespace {

/// 250 W: 100 s, 20 kJ. 200 W: 104 s, 18 kJ. 150 W: 120 s, 16 kJ. 100 W: 190 s, 17 kJ.
CapGroup four_caps() {
  CapGroup group;
  group.rows = {{Watts(100), Seconds(190), Joules(17e3)},
                {Watts(250), Seconds(100), Joules(20e3)},
                {Watts(150), Seconds(120), Joules(16e3)},
                {Watts(200), Seconds(104), Joules(18e3)}};
  return group;
}

Watts choice_of(const CapGroup& group, const ChoiceRules& rules) {
  const auto choice = choose_cap(group, rules);
  EXPECT_TRUE(choice) << choice.error().message;
  return choice ? choice->points[*choice->recommended].cap : Watts(0);
}

TEST(ChooseCap, TakesTheLeastEnergy) { EXPECT_EQ(choice_of(four_caps(), {}), Watts(150)); }

TEST(ChooseCap, KeepsTheBoundOnSlowdown) {
  ChoiceRules rules;
  rules.max_slowdown = 0.05;
  EXPECT_EQ(choice_of(four_caps(), rules), Watts(200));
  rules.max_slowdown = 0.04;
  EXPECT_EQ(choice_of(four_caps(), rules), Watts(200));  // 4 % is within 4 %
  rules.max_slowdown = 0.039;
  EXPECT_EQ(choice_of(four_caps(), rules), Watts(250));
}

TEST(ChooseCap, BasePowerMakesHasteWorthIt) {
  ChoiceRules rules;
  rules.base_power = Watts(200);  // 40, 38.8 and 40 kJ

  const auto choice = choose_cap(four_caps(), rules);

  ASSERT_TRUE(choice);
  const CapPoint& best = choice->points[*choice->recommended];
  EXPECT_EQ(best.cap, Watts(200));
  EXPECT_NEAR(best.energy.count(), 38.8e3, 1e-6);
  EXPECT_NEAR(best.energy_change->pct, -3, 1e-9);
  EXPECT_NEAR(best.device_energy_change->pct, -10, 1e-9);
  EXPECT_TRUE(choice->has_node);
}

TEST(ChooseCap, BasePowerIsOfEachDevice) {
  CapGroup group = four_caps();
  group.devices = 2;
  ChoiceRules rules;
  rules.base_power = Watts(100);
  EXPECT_EQ(choice_of(group, rules), Watts(200));
}

TEST(ChooseCap, EnergyDelayProductWeighsTheTime) {
  ChoiceRules rules;
  rules.objective = Objective::kEdp;  // 2000, 1872, 1920, 3230 kJ s
  EXPECT_EQ(choice_of(four_caps(), rules), Watts(200));
}

TEST(ChooseCap, CostFollowsThePrices) {
  ChoiceRules rules;
  rules.objective = Objective::kCost;
  rules.electricity_price = MoneyPerJoule(1e-3);
  EXPECT_EQ(choice_of(four_caps(), rules), Watts(150));
  rules.rent = {MoneyPerSecond(0.9), MoneyPerSecond(1.1)};
  EXPECT_EQ(choice_of(four_caps(), rules), Watts(250));
  rules.rent = {MoneyPerSecond(0.05), MoneyPerSecond(0.35)};  // 40, 38.8, 40: the middle counts
  EXPECT_EQ(choice_of(four_caps(), rules), Watts(200));
}

TEST(ChooseCap, CostWithoutAPriceIsRefused) {
  const auto choice = choose_cap(four_caps(), {.objective = Objective::kCost});

  ASSERT_FALSE(choice);
  EXPECT_EQ(choice.error().code, ErrorCode::kUsage);
  EXPECT_NE(choice.error().message.find("--electricity-price"), std::string::npos);
}

TEST(ChooseCap, EqualObjectivesGoToTheFaster) {
  CapGroup group = four_caps();
  group.rows[3].energy = Joules(16e3);  // 200 W, as much as 150 W
  EXPECT_EQ(choice_of(group, {}), Watts(200));
}

TEST(ChooseCap, TheBaselineIsTheHighestCap) {
  const auto choice = choose_cap(four_caps(), {});

  ASSERT_TRUE(choice);
  ASSERT_EQ(choice->points.size(), 4u);
  EXPECT_EQ(choice->points[choice->baseline].cap, Watts(250));
  EXPECT_EQ(choice->points.front().cap, Watts(100));
  EXPECT_NEAR(choice->points[1].time_change->pct, 20, 1e-9);
  EXPECT_NEAR(choice->points[1].energy_change->pct, -20, 1e-9);
  EXPECT_FALSE(choice->points[1].energy_change->u_pct);
}

TEST(ChooseCap, TheFrontierHasWhatNothingElseBeats) {
  const auto choice = choose_cap(four_caps(), {});

  ASSERT_TRUE(choice);
  EXPECT_FALSE(choice->points[0].on_frontier);  // 100 W: slower than 150 W, and more energy
  EXPECT_TRUE(choice->points[1].on_frontier);
  EXPECT_TRUE(choice->points[2].on_frontier);
  EXPECT_TRUE(choice->points[3].on_frontier);
}

TEST(ChooseCap, ACapBindsWhereTheDrawLiesAboveIt) {
  CapGroup group = four_caps();
  group.rows[1].energy = Joules(17.5e3);  // 175 W at the highest cap

  const auto choice = choose_cap(group, {});

  ASSERT_TRUE(choice);
  EXPECT_TRUE(choice->points[0].binding);
  EXPECT_TRUE(choice->points[1].binding);
  EXPECT_FALSE(choice->points[2].binding);
  EXPECT_FALSE(choice->points[3].binding);
  EXPECT_FALSE(choice->cap_inert);
}

TEST(ChooseCap, InertWhereTheDrawLiesBelowTheLowestCap) {
  CapGroup group = four_caps();
  group.rows[1].energy = Joules(9e3);

  const auto choice = choose_cap(group, {});

  ASSERT_TRUE(choice);
  EXPECT_TRUE(choice->cap_inert);
  ASSERT_EQ(choice->notes.size(), 1u);
  EXPECT_EQ(choice->notes[0],
            "inert: the mean draw at 250 W, 90 W, lies below the lowest cap, 100 W: what these "
            "caps change is scatter, or bursts that they clip");
}

TEST(ChooseCap, TellsOfRowsAboveTheirCap) {
  CapGroup group = four_caps();
  group.rows[0].energy = Joules(190 * 106.0);
  group.rows[2].energy = Joules(120 * 151.0);

  const auto choice = choose_cap(group, {});

  ASSERT_TRUE(choice);
  EXPECT_FALSE(choice->points[0].obeyed);
  EXPECT_TRUE(choice->points[1].obeyed);
  ASSERT_EQ(choice->notes.size(), 2u);
  EXPECT_EQ(choice->notes[0], "100 W: drew 106 W, 6.0 % above the cap: the cap was not obeyed");
  EXPECT_EQ(choice->notes[1], "150 W: drew 151 W, 0.7 % above the cap");
}

TEST(ChooseCap, TellsOfABaselineAboveItsCap) {
  CapGroup group = four_caps();
  group.rows[1].energy = Joules(100 * 300.0);

  const auto choice = choose_cap(group, {});

  ASSERT_TRUE(choice);
  ASSERT_EQ(choice->notes.size(), 1u);
  EXPECT_EQ(choice->notes[0], "250 W: drew 300 W, 20.0 % above the cap: the cap was not obeyed");
}

TEST(ChooseCap, ARowAloneIsItsOwnBaseline) {
  CapGroup group;
  group.rows = {{Watts(70), Seconds(1), Joules(1)}};

  const auto choice = choose_cap(group, {});

  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->recommended, 0u);
}

TEST(ChooseCap, RefusesWhatIsNoMeasurement) {
  EXPECT_FALSE(choose_cap(CapGroup{}, {}));
  for (const double bad : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(),
                           std::numeric_limits<double>::infinity()}) {
    CapGroup group = four_caps();
    group.rows[2].time = Seconds(bad);
    EXPECT_FALSE(choose_cap(group, {})) << bad;
  }
}

}  // namespace
}  // namespace joulery
