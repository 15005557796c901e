// estimate: what energy means, see joulery/estimate.h.
#include <gtest/gtest.h>

#include "joulery/estimate.h"

namespace joulery {
namespace {

constexpr double kHour = 3600;

Place place_with(const PlaceRequest& request) {
  const auto place = make_place(request, {});
  EXPECT_TRUE(place) << place.error().message;
  return *place;
}

Estimate<Seconds> hours(double h) {
  return Estimate<Seconds>::of(Seconds(h * kHour), Seconds(0), Evidence::kConstant);
}

TEST(Consequences, OfTheBigTransformerFollowFromTheSecondEquation) {
  const Place place =
      place_with({.pue = "1.58", .intensity = "0.954lb/kWh", .electricity_price = "0.12USD/kWh"});
  const auto energy = Estimate<Joules>::of(Joules(1515.43 * 84 * kHour), Joules(0),
                                           Evidence::kMeasured, "given power");

  const Consequences got = consequences_of(energy, place);

  EXPECT_NEAR(got.site_energy.value->count() / kJoulesPerKilowattHour, 201.128, 0.001);
  EXPECT_NEAR(got.carbon.value->count() / kGramsPerPound, 191.876, 0.001);
  EXPECT_NEAR(got.electricity_cost.value->count(), 24.135, 0.001);
  EXPECT_GT(got.carbon.u, GramsCo2(0));
}

TEST(Consequences, OfAnEnergyThatIncludesThePueNeedNone) {
  const auto energy =
      Estimate<Joules>::of(Joules(1287e3 * kJoulesPerKilowattHour), Joules(0), Evidence::kConstant);

  const Consequences got = consequences_of_site(energy, place_with({.intensity = "0.429kg/kWh"}));

  EXPECT_NEAR(got.carbon.value->count(), 552.1e6, 0.1e6);
  EXPECT_FALSE(got.electricity_cost);
  EXPECT_NE(got.electricity_cost.why.find("--electricity-price"), std::string::npos);
}

TEST(Consequences, RentIsTheTimeOfAllDevices) {
  const CostRange rent = rent_of(hours(64 * 79.2), place_with({.cloud_price = "0.74..2.48USD/h"}));

  EXPECT_NEAR(rent.low.value->count(), 3750.9, 0.1);
  EXPECT_NEAR(rent.high.value->count(), 12570.6, 0.1);
  EXPECT_FALSE(rent_of(hours(1), place_with({})).low);
}

TEST(Equivalents, CountFamiliarThings) {
  const auto things = equivalents_of(GramsCo2(1984 * kGramsPerPound * 3));

  ASSERT_EQ(things.size(), 4u);
  EXPECT_NEAR(things[0].count, 3, 1e-12);
  EXPECT_NEAR(things[3].count, 3 * 1984.0 / 126'000, 1e-12);
}

// The example of the Software Carbon Intensity: 1000 kg over 4 years, used for an hour.
TEST(Embodied, IsTheShareOfTheLifetime) {
  const auto each = Estimate<GramsCo2>::of(GramsCo2(1e6), GramsCo2(3e5), Evidence::kConstant);

  const auto part = embodied_of(each, hours(1), Seconds(4 * 365 * 24 * kHour));

  EXPECT_NEAR(part.value->count(), 28.5, 0.1);
  EXPECT_NEAR(part.u / *part.value, 0.3, 1e-12);
}

}  // namespace
}  // namespace joulery
