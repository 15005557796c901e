// plan: the power of a measured run over time, as the load of a job.
#include <gtest/gtest.h>

#include <numeric>

#include "joulery/plan.h"

namespace joulery {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// Ten minutes at 100 W, then ten at 300 W.
MemoryTrace two_levels() {
  TraceInfo info;
  info.begin = Instant(seconds(1000));
  info.end = info.begin + minutes(20);
  info.period = Seconds(1);
  Channel channel;
  channel.id = channel.component = "node/power";
  channel.measure = Measure::kPower;
  channel.rule = Rule::kTrapezoid;
  MemoryTrace trace(info, {channel});
  for (int second = 0; second <= 1200; ++second) {
    Sample sample;
    sample.channel = 0;
    sample.time = info.begin + seconds(second);
    sample.value = second < 600 ? 100 : 300;
    trace.add(sample);
  }
  return trace;
}

TEST(LoadProfile, IsThePowerOverTimeStretchedToTheJob) {
  const auto profile = load_profile_of(two_levels(), std::chrono::hours(10));

  ASSERT_TRUE(profile) << profile.error().message;
  ASSERT_GE(profile->size(), 2u);
  EXPECT_LE(profile->size(), 48u);
  EXPECT_NEAR(profile->front().share, 0.5, 0.02);
  EXPECT_NEAR(profile->back().share, 1.5, 0.02);
  double length = 0;
  double mean = 0;
  for (const LoadStep& step : *profile) {
    length += step.length.count();
    mean += step.share * step.length.count();
  }
  EXPECT_NEAR(length, 36000, 1e-6);
  EXPECT_NEAR(mean, 36000, 1e-6);
}

}  // namespace
}  // namespace joulery
