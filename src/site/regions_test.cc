// site: the shipped table of intensities and its look-up.
#include "site/regions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "site/shipped_sites.h"

namespace joulery {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::vector<Region> shipped_regions() {
  auto regions = load_regions();
  EXPECT_TRUE(regions) << regions.error().message;
  return regions ? *regions : std::vector<Region>{};
}

TEST(Regions, EveryShippedRowHasItsSourceYearAndUncertainty) {
  const std::set<std::string> groups{"country", "state", "grid", "cloud", "average"};
  std::set<std::string> ids;
  for (const Region& region : shipped_regions()) {
    EXPECT_TRUE(ids.insert(region.id).second) << region.id << " is there twice";
    EXPECT_TRUE(groups.contains(region.group)) << region.id;
    EXPECT_TRUE(region.grams_per_kwh > 1 && region.grams_per_kwh < 1300) << region.id;
    EXPECT_TRUE(region.year >= 2018 && region.year <= 2024) << region.id;
    EXPECT_FALSE(region.source.empty()) << region.id;
    EXPECT_EQ(region.kind, "average") << region.id;
    EXPECT_EQ(region.basis, "location") << region.id;
    EXPECT_EQ(region.group == "cloud", region.pue.has_value()) << region.id;
  }
  EXPECT_GE(ids.size(), 200U);
}

TEST(Regions, UncertaintiesHoldTheSpreadBetweenYears) {
  for (const Region& region : shipped_regions()) {
    EXPECT_GE(region.u_grams_per_kwh, 5) << region.id;
    EXPECT_GE(region.u_grams_per_kwh, 0.1 * region.grams_per_kwh - 0.051) << region.id;
    // 118, 59 and 15.05 g/kWh in 2022 to 2024
    const bool moved = region.id == "gcp:europe-west6";
    EXPECT_GE(region.u_grams_per_kwh, moved ? (118 - 15.05) / std::sqrt(3.0) : 0);
  }
}

TEST(Regions, ACloudRegionHasTheFigureOfItsGrid) {
  std::map<std::string, Region> by_id;
  for (const Region& region : shipped_regions()) by_id[region.id] = region;
  for (const auto& [id, region] : by_id) {
    if (region.grid.empty()) continue;
    ASSERT_TRUE(by_id.contains(region.grid)) << id;
    const Region& grid = by_id[region.grid];
    EXPECT_EQ(region.grams_per_kwh, grid.grams_per_kwh) << id;
    EXPECT_EQ(region.year, grid.year) << id;
    EXPECT_GE(region.u_grams_per_kwh, grid.u_grams_per_kwh) << id;
    EXPECT_THAT(region.source, HasSubstr(grid.source)) << id;
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
  for (const auto& [wanted, id] : {std::pair{"srvc", "egrid:SRVC"},
                                   {"us-ny", "US-NY"},
                                   {"Quebec", "CA-QC"},
                                   {"us-east-1", "aws:us-east-1"},
                                   {"westeurope", "azure:westeurope"},
                                   {"europe-west4", "gcp:europe-west4"},
                                   {"mix:google", "mix:google"},
                                   {"jean zay", "jean-zay"}}) {
    const auto factor = region_intensity(wanted);
    ASSERT_TRUE(factor) << wanted;
    EXPECT_EQ(factor->region, id);
  }
}

TEST(Regions, UnknownOnesOfferTheNearest) {
  const auto factor = region_intensity("Germny");

  ASSERT_FALSE(factor);
  EXPECT_THAT(factor.error().message, HasSubstr("nearest: Germany"));
}

TEST(Regions, APlaceWithoutAnIntensityIsNoRegion) {
  const auto factor = region_intensity("nrel-esif");

  ASSERT_FALSE(factor);
  EXPECT_THAT(factor.error().message, HasSubstr("no published carbon intensity"));
}

TEST(Regions, BrokenTablesAreRefusedWithLineAndColumn) {
  const std::string head =
      "region,aliases,name,group,g_per_kwh,u_g_per_kwh,year,kind,basis,grid,pue,u_pue,pue_source,"
      "source\n";
  const std::pair<const char*, const char*> cases[] = {
      {"A,B,C,country,x,1,2020,average,location,,,,,s", "'g_per_kwh'"},
      {"A,B,C,country,3000,1,2020,average,location,,,,,s", "'g_per_kwh'"},
      {"A,B,C,country,1,-1,2020,average,location,,,,,s", "'u_g_per_kwh'"},
      {"A,B,C,country,1,1,20,average,location,,,,,s", "'year'"},
      {"A,B,C,country,1,1,2020,mean,location,,,,,s", "'kind'"},
      {"A,B,C,country,1,1,2020,average,grid,,,,,s", "'basis'"},
      {"A,B,C,country,1,1,2020,average,location,,0.9,0.1,p,s", "'pue'"},
      {"A,B,C,country,1,1,2020,average,location,,,0.1,p,s", "'pue'"},
      {"A,B,C,country,1,1,2020,average,location,,1.1,0.1,,s", "'pue_source'"},
      {"A,B,C,country,1,1,2020,average,location,,,,,", "'source'"},
      {"A,B", "a row has 14 columns"}};
  for (const auto& [row, what] : cases) {
    const auto regions = parse_regions(head + row + "\n", "table.csv");
    ASSERT_FALSE(regions) << row;
    EXPECT_THAT(regions.error().message, StartsWith("table.csv:2: ")) << row;
    EXPECT_THAT(regions.error().message, HasSubstr(what)) << row;
  }
}

}  // namespace
}  // namespace joulery
