// site: the places that a user may name, shipped and own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

#include "base/file.h"
#include "base/text.h"
#include "joulery/site.h"
#include "site/datacentres.h"
#include "site/shipped_sites.h"

namespace joulery {
namespace {

using testing::HasSubstr;

std::vector<SiteEntry> all_sites(const std::vector<std::string>& files = {}) {
  auto sites = load_sites(files);
  EXPECT_TRUE(sites) << sites.error().message;
  return sites ? *sites : std::vector<SiteEntry>{};
}

TEST(Sites, EveryPlaceSaysSomethingAndWhereItIsFrom) {
  const auto sites = all_sites();
  EXPECT_GE(sites.size(), 300U);
  for (const SiteEntry& site : sites) {
    EXPECT_TRUE(site.pue.estimate || site.intensity.estimate) << site.id;
    EXPECT_EQ(site.pue.estimate.value.has_value(), !site.pue.source.empty()) << site.id;
    EXPECT_EQ(site.intensity.estimate.value.has_value(), !site.intensity.source.empty()) << site.id;
    if (!site.pue.estimate) continue;
    EXPECT_TRUE(*site.pue.estimate.value >= 1 && *site.pue.estimate.value < 1.7) << site.id;
    EXPECT_GT(site.pue.estimate.u, 0) << site.id;
  }
}

TEST(Sites, EachNameLeadsToItsPlace) {
  const auto sites = all_sites();
  for (const SiteEntry& site : sites) {
    for (const std::string& name : names_of({site})) {
      const auto found = find_site(sites, name);
      ASSERT_TRUE(found) << name;
      EXPECT_EQ(found->id, site.id) << name;
    }
  }
}

TEST(Sites, TheDataCentresOfTheFirstPaperAreThere) {
  const auto sites = all_sites();
  for (const auto& [id, pue] :
       {std::pair{"google-fleet", 1.10}, {"nrel-esif-aim", 1.06}, {"nrel-esif", 1.036}}) {
    const auto site = find_site(sites, id);
    ASSERT_TRUE(site) << id;
    EXPECT_DOUBLE_EQ(*site->pue.estimate.value, pue);
    EXPECT_THAT(site->pue.source, HasSubstr("McDonald et al. 2022"));
  }
}

TEST(Sites, TheElectricityPriceOfTheSecondPaperIsThere) {
  const auto site = find_site(all_sites(), "United States");

  ASSERT_TRUE(site);
  EXPECT_DOUBLE_EQ(site->electricity_price.estimate.value->count() * kJoulesPerKilowattHour, 0.12);
  EXPECT_EQ(site->currency, "USD");
}

// The tables of the sources as they print them, cents of USD and EUR: rows from the top, the middle
// and the end of each.
TEST(Sites, ElectricityPricesSpanWhatTheSourcesPrint) {
  const auto sites = all_sites();
  struct Printed {
    const char* region;
    double low, high;
    const char* currency;
  };
  for (const auto& [region, low, high, currency] : {Printed{"US-AL", 0.0711, 0.1316, "USD"},
                                                    {"US-CA", 0.1864, 0.2391, "USD"},
                                                    {"US-RI", 0.1768, 0.1898, "USD"},
                                                    {"US-WI", 0.0868, 0.1276, "USD"},
                                                    {"DEU", 0.1685, 0.2328, "EUR"},
                                                    {"IRL", 0.2068, 0.2560, "EUR"},
                                                    {"SWE", 0.0725, 0.0942, "EUR"}}) {
    const auto site = find_site(sites, region);
    ASSERT_TRUE(site) << region;
    const Factor<MoneyPerJoule>& price = site->electricity_price;
    const double middle = (low + high) / 2;
    EXPECT_NEAR(price.estimate.value->count() * kJoulesPerKilowattHour, middle, 1e-9) << region;
    EXPECT_NEAR(price.estimate.u.count() * kJoulesPerKilowattHour,
                std::max((high - low) / std::sqrt(12.0), 0.1 * middle), 1e-9)
        << region;
    EXPECT_EQ(site->currency, currency) << region;
    EXPECT_TRUE(price.year && !price.kind.empty()) << region;
  }
  EXPECT_FALSE(find_site(sites, "US-WY")->electricity_price.estimate) << "not seen in print";
  const auto priced = std::count_if(sites.begin(), sites.end(), [](const SiteEntry& site) {
    return site.electricity_price.estimate.value.has_value();
  });
  EXPECT_EQ(priced, 87);
}

TEST(Sites, UnknownOnesOfferTheNearest) {
  const auto site = find_site(all_sites(), "nrel-esiff");

  ASSERT_FALSE(site);
  EXPECT_EQ(site.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(site.error().message, HasSubstr("nearest: nrel-esif"));
}

TEST(Sites, ASearchKeepsWhatHoldsEveryWord) {
  const auto sites = all_sites();

  EXPECT_EQ(search_sites(sites, {"AWS", "dublin"}).size(), 0U);
  const auto ireland = search_sites(sites, {"ireland", "cloud"});
  ASSERT_EQ(ireland.size(), 1U);
  EXPECT_EQ(ireland[0].id, "aws:eu-west-1");
  EXPECT_EQ(search_sites(sites, {}).size(), sites.size());
  EXPECT_GT(search_sites(sites, {"market"}).size(), 3U);
}

TEST(Sites, TheUsersOwnGoBeforeTheShipped) {
  std::string path = testing::TempDir() + "joulery-sites-XXXXXX";
  const int fd = mkstemp(path.data());
  ASSERT_TRUE(
      write_all(fd, "[defaults]\npue = 1.9\n[site.jean-zay]\nintensity = \"50g/kWh\"\n", path));
  close(fd);

  const auto site = find_site(all_sites({path}), "jean-zay");
  std::remove(path.c_str());

  ASSERT_TRUE(site);
  EXPECT_EQ(site->group, "own");
  EXPECT_FALSE(site->pue.estimate) << "the defaults are of no site in particular";
}

TEST(Sites, BrokenTablesOfDataCentresAndPricesAreRefused) {
  const std::string head =
      "id,aliases,name,pue,u_pue,pue_year,pue_source,g_per_kwh,u_g_per_kwh,year,kind,basis,source,"
      "note\n";
  EXPECT_TRUE(parse_datacentres(head + "a,,A,1.1,0.1,2020,s,,,,,,,\n", "d.csv"));
  for (const char* row :
       {"a,,A,0.9,0.1,2020,s,,,,,,,", "a,,A,1.1,,2020,s,,,,,,,", "a,,A,1.1,0.1,2020,,,,,,,,",
        "a,,A,1.1,0.1,2020,s,5,,,,,,", "a,,A,1.1,0.1,2020,s,,,,,,s,", "a,,A,1.1,0.1,2020,s"}) {
    const auto rows = parse_datacentres(head + row + "\n", "d.csv");
    ASSERT_FALSE(rows) << row;
    EXPECT_THAT(rows.error().message, testing::StartsWith("d.csv:2: "));
  }

  auto sites = all_sites();
  const std::string prices = "region,low_per_kwh,high_per_kwh,currency,as_of,kind,source\n";
  for (const char* row : {"XXX,1,1,USD,2019,k,s", "USA,2,1,USD,2019,k,s", "USA,0,1,USD,2019,k,s",
                          "USA,1,1,,2019,k,s", "USA,1,1,USD,2019,k,", "USA,1,1,USD,2019,,s"}) {
    const auto done = add_electricity_prices(prices + row + "\n", "p.csv", sites);
    ASSERT_FALSE(done) << row;
    EXPECT_THAT(done.error().message, testing::StartsWith("p.csv:2: "));
  }
}

}  // namespace
}  // namespace joulery
