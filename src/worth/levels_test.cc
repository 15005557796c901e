// worth: which values of a hyper-parameter are told apart.
#include "worth/levels.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace joulery::worth {
namespace {

std::vector<std::string_view> repeated(
    const std::vector<std::pair<std::string_view, std::size_t>>& what) {
  std::vector<std::string_view> out;
  for (const auto& [text, count] : what) out.insert(out.end(), count, text);
  return out;
}

TEST(Levels, OfNumbersHoweverTheyAreWritten) {
  const Levels levels = levels_of({"rate", repeated({{"0.1", 5}, {"1e-1", 5}, {"1", 5}, {"", 6}})});

  EXPECT_EQ(levels.count, 3u);
  EXPECT_EQ(levels.of[0], levels.of[9]);
  EXPECT_NE(levels.of[10], levels.of[15]);
  EXPECT_FALSE(levels.binned);
}

TEST(Levels, RareValuesAreOneLevelOrLeftOut) {
  const Levels pooled = levels_of({"p", repeated({{"a", 10}, {"b", 3}, {"c", 4}})});
  EXPECT_EQ(pooled.count, 2u);
  EXPECT_EQ(pooled.of[10], pooled.of[16]);

  const Levels left = levels_of({"p", repeated({{"a", 10}, {"b", 4}, {"c", 10}})});
  EXPECT_EQ(left.count, 2u);
  EXPECT_EQ(left.of[10], Levels::kNone);
}

TEST(Levels, NumbersOfManyKindsAreRangesOfAsManyRuns) {
  std::vector<std::string> texts;
  for (int i = 0; i < 100; ++i) texts.push_back(fmt::format("{}", i * i));
  const Levels levels = levels_of({"p", {texts.begin(), texts.end()}});

  EXPECT_TRUE(levels.binned);
  EXPECT_EQ(levels.count, 8u);
  EXPECT_EQ(levels.of[0], levels.of[12]);
  EXPECT_NE(levels.of[0], levels.of[13]);
}

TEST(Levels, RefusesIdsAndWhatDoesNotDiffer) {
  std::vector<std::string> texts;
  for (int i = 0; i < 60; ++i) texts.push_back(fmt::format("run-{}", i));
  EXPECT_NE(levels_of({"p", {texts.begin(), texts.end()}}).why, "");
  EXPECT_NE(levels_of({"p", repeated({{"a", 100}})}).why, "");
  EXPECT_NE(levels_of({"p", {}}).why, "");
}

}  // namespace
}  // namespace joulery::worth
