#include "control/caps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace joulery {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

CapDevice gpu(const std::string& id, double found = 250) {
  CapDevice device;
  device.id = id;
  device.least = Watts(100);
  device.most = Watts(300);
  device.default_limit = Watts(250);
  device.requested = device.enforced = Watts(found);
  return device;
}

std::vector<WantedCap> caps(const char* text) {
  const auto parsed = parse_caps(text, "--caps");
  EXPECT_TRUE(parsed) << parsed.error().message;
  return parsed.value_or(std::vector<WantedCap>{});
}

std::vector<double> watts_of(const CapPlan& plan) {
  std::vector<double> found;
  for (const SweepLevel& level : plan.levels) found.push_back(level.cap.count());
  return found;
}

TEST(Caps, AreReadInWattsAndPercent) {
  const auto read = caps("100W, 0.15kW,60%");

  ASSERT_THAT(read, SizeIs(3));
  EXPECT_EQ(read[1].value, 150);
  EXPECT_FALSE(read[1].percent);
  EXPECT_EQ(read[2].value, 60);
  EXPECT_TRUE(read[2].percent);
}

TEST(Caps, AreRefusedWithTheFlagAndARightValue) {
  for (const char* wrong : {"", "150", "0W", "-5W", "nanW", "0%", "-10%", "1000%", "nan%", "150W,",
                            "150J", "%", "150W;200W", "infW"}) {
    const auto read = parse_caps(wrong, "--caps");

    ASSERT_FALSE(read) << wrong;
    EXPECT_EQ(read.error().code, ErrorCode::kUsage) << wrong;
    EXPECT_THAT(read.error().message, HasSubstr("--caps")) << wrong;
    EXPECT_THAT(read.error().message, HasSubstr("for example --caps ")) << wrong;
  }
}

TEST(Caps, AreSortedAndWhatIsGivenTwiceIsSaid) {
  const auto plan = plan_caps(caps("200W,100W,200W,80%"), {gpu("gpu/a/board")});

  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(watts_of(*plan), (std::vector<double>{100, 200}));
  ASSERT_THAT(plan->notes, SizeIs(2));
  EXPECT_THAT(plan->notes[0], HasSubstr("200 W was given twice"));
  EXPECT_EQ(plan->notes[1], "80 % (200 W) is 200 W: it is run once");
}

TEST(Caps, EqualToTheLimitInForceIsTheBaseline) {
  const auto plan = plan_caps(caps("250W,150W"), {gpu("gpu/a/board")});

  ASSERT_TRUE(plan);
  EXPECT_EQ(watts_of(*plan), (std::vector<double>{150}));
  EXPECT_THAT(plan->notes[0], HasSubstr("250W is the limit in force"));
}

TEST(Caps, AloneEqualToTheLimitInForceAreRefused) {
  const auto plan = plan_caps(caps("250W"), {gpu("gpu/a/board")});

  ASSERT_FALSE(plan);
  EXPECT_THAT(plan.error().message, HasSubstr("no cap beside the limit in force, 250W"));
}

TEST(Caps, OutsideTheRangeAreRefusedWithTheRange) {
  for (const char* wrong : {"90W", "301W", "30%", "130%"}) {
    const auto plan = plan_caps(caps(wrong), {gpu("gpu/a/board")});

    ASSERT_FALSE(plan) << wrong;
    EXPECT_EQ(plan.error().code, ErrorCode::kUsage);
    EXPECT_THAT(plan.error().message, HasSubstr("gpu/a/board takes 100W to 300W")) << wrong;
  }
}

TEST(Caps, InPercentAreOfEachDevicesOwnDefault) {
  CapDevice small = gpu("gpu/b/board", 150);
  small.default_limit = Watts(150);
  small.least = Watts(50);

  const auto plan = plan_caps(caps("60%"), {gpu("gpu/a/board"), small});

  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(plan->levels[0].per_device, (std::vector<Watts>{Watts(150), Watts(90)}));
  EXPECT_EQ(plan->levels[0].cap, Watts(120));
}

TEST(Caps, ThatAreTheSameOnAverageAloneAreRefused) {
  CapDevice small = gpu("gpu/b/board", 150);
  small.default_limit = Watts(150);
  small.least = Watts(50);

  const auto plan = plan_caps(caps("60%,120W"), {gpu("gpu/a/board"), small});

  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, ErrorCode::kUsage);
  EXPECT_THAT(plan.error().message, HasSubstr("--caps: 120 W and 60 % (120 W) are "));
}

TEST(Caps, InPercentNeedADefault) {
  CapDevice package = gpu("cpu/0/package");
  package.default_limit.reset();

  const auto plan = plan_caps(caps("60%"), {package});

  ASSERT_FALSE(plan);
  EXPECT_THAT(plan.error().message, HasSubstr("give watts"));
}

TEST(Caps, TheBaselineIsWhatIsEnforcedNotWhatWasAskedFor) {
  CapDevice device = gpu("gpu/a/board", 300);
  device.enforced = Watts(200);  // out of band

  const auto plan = plan_caps(caps("150W"), {device});

  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->found[0], Watts(200));
}

TEST(Devices, AreAllGpusWhereThereAreAny) {
  CapDevice package = gpu("cpu/0/package");
  package.kind = ComponentKind::kCpu;

  const auto chosen = choose_devices({package, gpu("gpu/a/board"), gpu("gpu/b/board")}, {});
  const auto without = choose_devices({package}, {});
  const auto named = choose_devices({package, gpu("gpu/a/board")}, {"cpu/0/package"});

  ASSERT_TRUE(chosen && without && named);
  EXPECT_THAT(*chosen, SizeIs(2));
  EXPECT_EQ((*without)[0].id, "cpu/0/package");
  EXPECT_EQ((*named)[0].id, "cpu/0/package");
}

TEST(Devices, ThatCannotBeCappedAreRefusedWithTheReason) {
  CapDevice mig = gpu("gpu/a/board");
  mig.refused = "MIG is on";
  mig.advice = "turn it off";

  const auto chosen = choose_devices({mig}, {});
  const auto unknown = choose_devices({gpu("gpu/a/board")}, {"gpu/b/board"});
  const auto none = choose_devices({}, {});

  ASSERT_FALSE(chosen);
  EXPECT_THAT(chosen.error().message, HasSubstr("MIG is on; turn it off"));
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, HasSubstr("did you mean gpu/a/board?"));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace joulery
