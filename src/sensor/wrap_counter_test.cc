// sensor: no walk of a counter is misread, whatever its unit and phase.
#include "sensor/wrap_counter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace joulery {
namespace {

constexpr Watts kMaxPower{1000};

Instant at(double seconds) { return Instant(std::chrono::duration_cast<Micros>(Seconds(seconds))); }

TEST(WrapCounter, UndoesOneWrap) {
  WrapCounter counter(65'532'610'987, kMaxPower);  // 2^32 x 2^-16 J, as kernels give it
  ASSERT_FALSE(counter.advance(65'532'000'000, at(0)).restart);

  const auto step = counter.advance(388'989, at(1));

  EXPECT_FALSE(step.restart);
  EXPECT_NEAR(step.joules - 65'532, 0.999977,
              1e-9);  // 610988 uJ up to and over the wrap, 388989 after it
}

TEST(WrapCounter, NeverGuessesAfterAPauseInWhichItCouldGoRound) {
  for (const std::uint64_t later : {2'000'000U, 500'000U}) {
    WrapCounter counter(65'535'999'999, kMaxPower);
    counter.advance(1'000'000, at(0));

    const auto step = counter.advance(later, at(65.6));

    EXPECT_TRUE(step.restart);
    EXPECT_DOUBLE_EQ(step.joules, 1.0);
    EXPECT_DOUBLE_EQ(counter.advance(later + 3'000'000, at(65.7)).joules, 4.0);
  }
}

TEST(WrapCounter, TakesAResetForWhatItIs) {
  WrapCounter counter(262'143'328'850, kMaxPower);
  counter.advance(50'000'000'000, at(0));

  EXPECT_TRUE(counter.advance(1'000, at(0.1)).restart);
}

TEST(WrapCounter, ACounterAboveItsRangeIsNotAWrap) {
  WrapCounter counter(1'000'000, Watts(1));
  counter.advance(2'000'000, at(0));

  EXPECT_TRUE(counter.advance(1'000, at(0.1)).restart);
}

TEST(WrapCounter, WantsEightReadsInARoundAndOneEachTenSeconds) {
  EXPECT_DOUBLE_EQ(WrapCounter(262'144'000'000, kMaxPower).longest_pause().count(), 10);
  EXPECT_DOUBLE_EQ(WrapCounter(65'536'000'000, kMaxPower).longest_pause().count(), 8.192);
}

/// A 32-bit register of `unit` joules as powercap shows it, walked at random.
class WrapWalk : public testing::TestWithParam<double> {
 protected:
  std::uint64_t shown(double joules) const {
    const double ticks = std::fmod(std::floor(joules / GetParam()), 4294967296.0);
    return static_cast<std::uint64_t>(ticks * GetParam() * 1e6);
  }
  std::uint64_t range() const {
    return static_cast<std::uint64_t>(4294967295.0 * GetParam() * 1e6);
  }
};

TEST_P(WrapWalk, FollowsEveryWalkAndFlagsEveryLongPause) {
  std::mt19937_64 random(42);
  std::uniform_real_distribution<double> share(0, 1);
  const double round = static_cast<double>(range()) * 1e-6 / kMaxPower.count();
  for (int walk = 0; walk < 200; ++walk) {
    WrapCounter counter(range(), kMaxPower);
    double time = 0;
    double truth = share(random) * 4294967296.0 * GetParam();  // any phase
    double origin = truth - counter.advance(shown(truth), at(0)).joules;
    int wraps = 0;
    for (int read = 0; read < 50; ++read) {
      const bool long_pause = share(random) < 0.1;
      const double pause = round * (long_pause ? 1.001 + 3 * share(random) : 0.99 * share(random));
      const double before = truth;
      time += pause;
      truth += pause * kMaxPower.count() * share(random);

      const auto step = counter.advance(shown(truth), at(time));

      ASSERT_EQ(step.restart, long_pause);
      if (long_pause) {
        origin = truth - step.joules;
        wraps = 0;
      }
      wraps += std::fmod(truth, 4294967296.0 * GetParam()) <
               std::fmod(before, 4294967296.0 * GetParam());
      // A tick at each end, and what the range lacks of a whole tick at each wrap.
      ASSERT_NEAR(step.joules, truth - origin, (2 + wraps) * GetParam() + 1e-5);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Units, WrapWalk,
                         testing::Values(std::ldexp(1, -14), std::ldexp(1, -16), 1.0));

}  // namespace
}  // namespace joulery
