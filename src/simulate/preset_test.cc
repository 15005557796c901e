// simulate: what a paper says of shifting, claim by claim.
#include <gmock/gmock.h>

#include <map>

#include "joulery/simulate.h"

namespace joulery {
namespace {

using Verdict = PresetCell::Verdict;

TEST(ShiftPreset, TellsWhichClaimsOfMcDonald2022Follow) {
  const auto preset = make_shift_preset("mcdonald2022");
  ASSERT_TRUE(preset) << preset.error().message;
  std::map<std::string, PresetCell> claims;
  for (const PresetTable& table : preset->tables)
    for (const PresetTable::Row& row : table.rows) claims[row.name] = row.cells.at(0);

  const auto verdict = [&](const std::string& name) { return claims.at(name).verdict; };
  EXPECT_EQ(verdict("July's 1.49 against January's 1.05"), Verdict::kSame);
  EXPECT_EQ(verdict("27 July, 2 p.m.: 1.63 against 1.46"), Verdict::kSame);
  EXPECT_EQ(verdict("27 July, greatest 1.63 against least 1.48"), Verdict::kRounding);
  EXPECT_EQ(claims.at("27 July, greatest 1.63 against least 1.48").ours, "10.1");
  EXPECT_EQ(verdict("a job moved from day to night"), Verdict::kSame);
  EXPECT_EQ(verdict("a job moved from summer to winter"), Verdict::kOther);
  EXPECT_EQ(claims.at("a job moved from summer to winter").ours, "30");
  EXPECT_EQ(verdict("the months, each by its days"), Verdict::kOther);
  EXPECT_EQ(claims.at("the months, each by its days").ours, "7.32");
  EXPECT_EQ(verdict("the months, each as much as another"), Verdict::kRounding);
}

TEST(ShiftPreset, OfAnotherNameIsRefusedWithThoseThereAre) {
  const auto preset = make_shift_preset("strubell2019");
  ASSERT_FALSE(preset);
  EXPECT_EQ(preset.error().code, ErrorCode::kUsage);
  EXPECT_THAT(preset.error().message, testing::HasSubstr("mcdonald2022"));
}

}  // namespace
}  // namespace joulery
