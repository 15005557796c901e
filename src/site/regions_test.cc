// site: the shipped table and its look-up.
#include "site/regions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace joulery {
namespace {

TEST(Regions, EveryShippedRowHasItsSourceYearAndUncertainty) {
  std::set<std::string> ids;
  for (const Region& region : shipped_regions()) {
    EXPECT_TRUE(ids.insert(region.id).second) << region.id << " is there twice";
    EXPECT_GT(region.u_grams_per_kwh, 0) << region.id;
    EXPECT_FALSE(region.source.empty()) << region.id;
    EXPECT_EQ(region.kind, "average") << region.id;
  }
  EXPECT_GT(ids.size(), 60U);
}

TEST(Regions, UncertaintiesHoldTheSpreadBetweenYears) {
  for (const Region& region : shipped_regions()) {
    EXPECT_GE(region.u_grams_per_kwh, 5) << region.id;
    EXPECT_GE(region.u_grams_per_kwh, 0.1 * region.grams_per_kwh - 0.051) << region.id;
    const bool moved = region.alias == "europe-west6";  // 118, 59 and 15.05 g/kWh in 2022 to 2024
    if (moved) {
      EXPECT_GE(region.u_grams_per_kwh, (118 - 15.05) / std::sqrt(3.0));
    }
  }
}

TEST(Regions, AreFoundByCodeOrNameInAnyCase) {
  for (const char* wanted : {"FRA", "fr", "France", "france"}) {
    const auto factor = region_intensity(wanted);
    ASSERT_TRUE(factor) << wanted;
    EXPECT_EQ(factor->region, "FRA");
    EXPECT_NEAR(factor->estimate.value->count() * kJoulesPerKilowattHour, 56.0, 1e-9);
    EXPECT_EQ(factor->year, 2023);
  }
}

TEST(Regions, UnknownOnesOfferTheNearest) {
  const auto factor = region_intensity("Germny");

  ASSERT_FALSE(factor);
  EXPECT_THAT(factor.error().message, testing::HasSubstr("germany"));
}

TEST(Regions, BrokenTablesAreRefusedWithTheLine) {
  for (const char* row :
       {"A,B,C,x,1,2020,average,s", "A,B,C,1,-1,2020,average,s", "A,B,C,1,1,20,average,s", "A,B"}) {
    const auto regions = parse_regions(std::string("header\n") + row + "\n", "table.csv");
    ASSERT_FALSE(regions) << row;
    EXPECT_THAT(regions.error().message, testing::StartsWith("table.csv:2: "));
  }
}

}  // namespace
}  // namespace joulery
