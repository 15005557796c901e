// site: precedence, uncertainty and errors of what is said about a place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>

#include "base/file.h"
#include "joulery/site.h"

namespace joulery {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// A configuration file that is gone after the test.
class Config : public testing::Test {
 protected:
  std::string write(std::string_view text) {
    std::string path = testing::TempDir() + "joulery-site-XXXXXX";
    const int fd = mkstemp(path.data());
    EXPECT_TRUE(write_all(fd, text, path));
    close(fd);
    paths_.push_back(path);
    return path;
  }
  void TearDown() override {
    for (const std::string& path : paths_) std::remove(path.c_str());
  }

 private:
  std::vector<std::string> paths_;
};

double grams_per_kwh(const Place& place) {
  return place.intensity.estimate.value
             ? place.intensity.estimate.value->count() * kJoulesPerKilowattHour
             : -1;
}

Place place_of(const PlaceRequest& request, const std::vector<std::string>& files = {}) {
  const auto place = make_place(request, files);
  EXPECT_TRUE(place) << place.error().message;
  return place ? *place : Place{};
}

TEST(Place, IsNeverGuessed) {
  const Place place = place_of({});

  EXPECT_FALSE(place.pue.estimate);
  EXPECT_THAT(place.pue.estimate.why, HasSubstr("--pue"));
  EXPECT_FALSE(place.intensity.estimate);
  EXPECT_THAT(place.intensity.estimate.why, AllOf(HasSubstr("--region"), HasSubstr("--intensity")));
  EXPECT_FALSE(place.electricity_price.estimate);
  EXPECT_THAT(place.electricity_price.estimate.why, HasSubstr("--electricity-price"));
  EXPECT_FALSE(place.cloud_price);
}

TEST(Place, TypicalPueIsTagged) {
  const Place place = place_of({.pue = "typical"});

  EXPECT_DOUBLE_EQ(*place.pue.estimate.value, 1.56);
  EXPECT_DOUBLE_EQ(place.pue.estimate.u, 0.25);
  EXPECT_EQ(place.pue.source, "typical (Uptime Institute survey, 2024)");
}

TEST(Place, NoFactorIsWithoutUncertainty) {
  const Place plain = place_of({.pue = "1.3", .intensity = "400g/kWh"});
  const Place stated = place_of({.pue = "1.3+-0.02"});

  EXPECT_NEAR(plain.pue.estimate.u, 0.0577, 1e-4);
  EXPECT_THAT(plain.pue.source, HasSubstr("no uncertainty given"));
  EXPECT_NEAR(plain.intensity.estimate.u.count() * kJoulesPerKilowattHour, 40, 1e-9);
  EXPECT_DOUBLE_EQ(stated.pue.estimate.u, 0.02);
  EXPECT_EQ(stated.pue.source, "--pue");
}

TEST(Place, ARangeOfPricesIsARectangle) {
  const Place place =
      place_of({.electricity_price = "0.10..0.22EUR/kWh", .cloud_price = "0.74..2.48EUR/h"});

  EXPECT_NEAR(place.electricity_price.estimate.value->count() * kJoulesPerKilowattHour, 0.16,
              1e-12);
  EXPECT_NEAR(place.electricity_price.estimate.u.count() * kJoulesPerKilowattHour,
              0.12 / std::sqrt(12.0), 1e-12);
  EXPECT_EQ(place.currency, "EUR");
  EXPECT_NEAR(place.cloud_price->second.count() * 3600, 2.48, 1e-12);
}

TEST(Place, OneAccountHasOneCurrency) {
  const auto place = make_place({.electricity_price = "0.1EUR/kWh", .cloud_price = "2USD/h"}, {});

  ASSERT_FALSE(place);
  EXPECT_EQ(place.error().code, ErrorCode::kUsage);
  EXPECT_THAT(place.error().message, AllOf(HasSubstr("--cloud-price"), HasSubstr("EUR")));
}

TEST(Place, BadFlagsAreUsageErrorsThatNameThem) {
  EXPECT_THAT(make_place({.pue = "0.9"}, {}).error().message, HasSubstr("--pue"));
  EXPECT_THAT(make_place({.intensity = "432"}, {}).error().message, HasSubstr("--intensity"));
  EXPECT_THAT(make_place({.region = "Atlantis"}, {}).error().message, HasSubstr("--region"));
  EXPECT_THAT(make_place({.cloud_price = "2USD"}, {}).error().message, HasSubstr("--cloud-price"));
  EXPECT_EQ(make_place({.region = "Atlantis"}, {}).error().code, ErrorCode::kUsage);
}

TEST_F(Config, FlagThenSiteThenRegionThenDefaults) {
  const std::string file = write(R"([defaults]
region = "POL"
pue = 1.8
[site.hall]
intensity = "100g/kWh"
intensity_u = "5g/kWh"
pue = 1.2
pue_u = 0.03
)");

  EXPECT_DOUBLE_EQ(grams_per_kwh(place_of({.site = "hall", .intensity = "7g/kWh"}, {file})), 7);
  EXPECT_DOUBLE_EQ(grams_per_kwh(place_of({.site = "hall", .region = "FRA"}, {file})), 100);
  EXPECT_NEAR(grams_per_kwh(place_of({.region = "FRA"}, {file})), 56, 1e-9);
  EXPECT_NEAR(grams_per_kwh(place_of({}, {file})), 661.9, 1e-9);
  const Place hall = place_of({.site = "hall"}, {file});
  EXPECT_DOUBLE_EQ(*hall.pue.estimate.value, 1.2);
  EXPECT_DOUBLE_EQ(hall.pue.estimate.u, 0.03);
  EXPECT_EQ(hall.pue.source, "site hall in " + file);
  EXPECT_NEAR(hall.intensity.estimate.u.count() * kJoulesPerKilowattHour, 5, 1e-9);
  EXPECT_DOUBLE_EQ(*place_of({}, {file}).pue.estimate.value, 1.8);
}

TEST_F(Config, TheFirstFileCountsAndAbsentOnesAreSkipped) {
  const std::string mine = write("[defaults]\npue = 1.1\n");
  const std::string global = write("[defaults]\npue = 1.9\nregion = \"SE\"\n");

  const Place place = place_of({}, {testing::TempDir() + "joulery-no-such-file", mine, global});

  EXPECT_DOUBLE_EQ(*place.pue.estimate.value, 1.1);
  EXPECT_EQ(place.intensity.region, "SWE");
}

TEST_F(Config, ErrorsNameFileAndLine) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"[site.a]\npue = 0.5\n", ":2: pue"},
      {"[site.a]\n\npeu = 1.5\n", ":3: peu"},
      {"[site.a]\nintensity = 400\n", ":2: intens"},
      {"[site.a]\npue = [1]\n", ":2: pue"},
      {"[site.a]\npue = \n", ":2"},
      {"site = 3\n", ":1: 'site'"},
      {"[site.a]\nregion = \"XXXX\"\n", ":2: region"}};
  for (const auto& [text, where] : cases) {
    const std::string file = write(text);
    const auto place = make_place({.site = "a"}, {file});
    ASSERT_FALSE(place) << text;
    EXPECT_EQ(place.error().code, ErrorCode::kInvalid) << text;
    EXPECT_THAT(place.error().message, HasSubstr(file + where)) << text;
  }
}

TEST_F(Config, AnUncertaintyAboveItsValueIsASlip) {
  for (const char* text : {"pue = 1.2\npue_u = 1.3", "pue = 1.2\npue_u = 1e300",
                           "intensity = \"100g/kWh\"\nintensity_u = \"101g/kWh\"",
                           "intensity = \"100g/kWh\"\nintensity_u = \"101%\"",
                           "intensity = \"100g/kWh\"\nintensity_u = \"1e300%\""}) {
    const auto place = make_place({.site = "a"}, {write(std::string("[site.a]\n") + text + "\n")});
    ASSERT_FALSE(place) << text;
    EXPECT_EQ(place.error().code, ErrorCode::kInvalid) << text;
    EXPECT_THAT(place.error().message, HasSubstr(":3: ")) << text;
  }
  EXPECT_DOUBLE_EQ(
      place_of({.site = "a"}, {write("[site.a]\npue = 1.2\npue_u = 1.2\n")}).pue.estimate.u, 1.2);
}

TEST_F(Config, UnknownSitesOfferTheNearest) {
  const auto place = make_place({.site = "hal"}, {write("[site.hall]\npue = 1.2\n")});

  ASSERT_FALSE(place);
  EXPECT_EQ(place.error().code, ErrorCode::kUsage);
  EXPECT_THAT(place.error().message, HasSubstr("hall"));
}

TEST(Place, ASiteMayBeAShippedPlaceWithItsPue) {
  const Place iowa = place_of({.site = "GCP:us-central1"});

  EXPECT_DOUBLE_EQ(*iowa.pue.estimate.value, 1.11);
  EXPECT_DOUBLE_EQ(iowa.pue.estimate.u, 0.02);
  EXPECT_THAT(iowa.pue.source, AllOf(HasSubstr("gcp:us-central1"), HasSubstr("Google")));
  EXPECT_NEAR(grams_per_kwh(iowa), 412.72, 1e-9);
  EXPECT_EQ(iowa.intensity.basis, "location");
  EXPECT_DOUBLE_EQ(*place_of({.site = "nrel-esif", .pue = "1.5"}).pue.estimate.value, 1.5);
  EXPECT_FALSE(place_of({.site = "USA"}).electricity_price.estimate) << "never taken unasked";
}

TEST(Place, APriceOfTheTableIsTakenWhereSomebodyAsks) {
  const Place place = place_of({.region = "IRL", .electricity_price = "table"});
  EXPECT_NEAR(place.electricity_price.estimate.value->count() * kJoulesPerKilowattHour, 0.2314,
              1e-9);
  EXPECT_EQ(place.currency, "EUR");
  EXPECT_THAT(place.electricity_price.source, HasSubstr("Eurostat"));
  EXPECT_EQ(place_of({.site = "US-VA", .electricity_price = "table"}).currency, "USD");

  EXPECT_EQ(place_of({.region = "IRL"}).electricity_price.estimate.why,
            "no electricity price: --electricity-price, or --electricity-price table for the "
            "average of IRL in 2024");
  const auto why = [](const PlaceRequest& request) {
    return make_place(request, {}).error().message;
  };
  EXPECT_THAT(why({.electricity_price = "table"}), HasSubstr("--region or --site"));
  EXPECT_THAT(why({.region = "JPN", .electricity_price = "table"}), HasSubstr("no price of JPN"));
  EXPECT_THAT(why({.region = "IRL", .electricity_price = "table", .cloud_price = "1USD/h"}),
              HasSubstr("EUR"));
}

TEST(Place, APueOfARegionIsToldAndNotTaken) {
  const Place iowa = place_of({.region = "us-central1"});

  EXPECT_FALSE(iowa.pue.estimate);
  EXPECT_EQ(iowa.pue.estimate.why,
            "no PUE: --pue, or --site gcp:us-central1, whose published PUE is 1.11");
  EXPECT_EQ(place_of({.region = "FRA"}).pue.estimate.why, "no PUE: --pue");
}

TEST_F(Config, OnesOwnSiteGoesBeforeTheShippedOne) {
  const std::string file = write("[site.jean-zay]\npue = 1.4\n");

  const Place place = place_of({.site = "jean-zay"}, {file});

  EXPECT_DOUBLE_EQ(*place.pue.estimate.value, 1.4);
  EXPECT_FALSE(place.intensity.estimate);
}

TEST_F(Config, HostileTextIsAnErrorNotACrash) {
  for (const std::string& text : {std::string(1000, '['), std::string("\xff\xfe\0x", 4),
                                  std::string("a = \""), std::string("pue = 1\u0487")}) {
    EXPECT_FALSE(make_place({}, {write(text)}));
  }
}

}  // namespace
}  // namespace joulery
