#include "control/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace joulery {
namespace {

/// One letter a run: F the found limit, W the warm-up, a digit a cap.
std::string letters(const std::vector<SweepStep>& steps) {
  std::string text;
  for (const SweepStep& step : steps)
    text += step.warm_up ? 'W' : step.level ? static_cast<char>('0' + *step.level) : 'F';
  return text;
}

TEST(Schedule, HasTheFoundLimitAtBothEndsAndAfterEveryThirdCap) {
  for (std::size_t levels = 1; levels <= 8; ++levels) {
    const std::string order = letters(make_schedule(levels, 3, false, 7));

    EXPECT_EQ(order.front(), 'F');
    EXPECT_EQ(order.back(), 'F');
    EXPECT_EQ(order.find("FF"), std::string::npos) << order;
    std::size_t between = 0;
    for (const char c : order) {
      between = c == 'F' ? 0 : between + 1;
      EXPECT_LE(between, 3u) << order;
    }
  }
}

TEST(Schedule, RunsEachCapOnceInEachRepeat) {
  const std::string order = letters(make_schedule(4, 5, false, 7));

  for (char cap = '0'; cap < '4'; ++cap) EXPECT_EQ(std::count(order.begin(), order.end(), cap), 5);
}

TEST(Schedule, HasAnOrderOfItsOwnInEachRepeatThatTheSeedDecides) {
  const std::string order = letters(make_schedule(3, 8, false, 7));

  EXPECT_EQ(order, letters(make_schedule(3, 8, false, 7)));
  EXPECT_NE(order, letters(make_schedule(3, 8, false, 8)));
  std::vector<std::string> blocks;
  for (std::size_t i = 1; i + 3 < order.size(); i += 4) blocks.push_back(order.substr(i, 3));
  EXPECT_FALSE(std::all_of(blocks.begin(), blocks.end(),
                           [&](const std::string& block) { return block == blocks[0]; }));
}

TEST(Schedule, KeepsItsOrderFromReleaseToRelease) {
  // A sweep that was begun with an older release is resumed by its seed.
  EXPECT_EQ(letters(make_schedule(4, 2, true, 1)), "WF123F0F310F2F");
}

TEST(Schedule, BeginsWithAWarmUpWhereOneIsAskedFor) {
  EXPECT_EQ(letters(make_schedule(1, 1, true, 7)), "WF0F");
}

}  // namespace
}  // namespace joulery
