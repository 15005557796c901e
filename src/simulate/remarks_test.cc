// simulate: how sure sums are, by hand.
#include "simulate/basis.h"

#include <gmock/gmock.h>

#include "simulate/made_workload.h"

namespace joulery::simulate {
namespace {

Estimate<double> energy_of_one(double u) {
  return Estimate<double>::of(1, u, Evidence::kModelled, "power of V100");
}

TEST(Basis, AddsRelativeUncertaintiesInQuadratureAndNamesTheLargest) {
  PlaceSignals place = place_of(hourly({1}));
  place.constants.pue.estimate = Estimate<double>::of(1.5, 0.15, Evidence::kConstant);
  const SumsBasis basis = basis_of(place, 1.5, energy_of_one(0.05));
  EXPECT_DOUBLE_EQ(basis.it_energy.u, 0.05);
  EXPECT_DOUBLE_EQ(basis.site_energy.u, std::hypot(0.05, 0.1));
  EXPECT_EQ(basis.site_energy.top, "PUE");
  // 10 % of an intensity that tells none.
  EXPECT_DOUBLE_EQ(basis.carbon.u, std::hypot(0.05, 0.1, 0.1));
  EXPECT_FALSE(basis.cost);
  place.intensity.relative_u = 0.02;
  EXPECT_DOUBLE_EQ(basis_of(place, 1.5, energy_of_one(0)).carbon.u, std::hypot(0.1, 0.02));
}

TEST(Basis, TakesAnUnstatedPueSeriesAsARectangleOfATenthAroundItsMean) {
  PlaceSignals place = place_of(hourly({1}));
  place.pue = hourly({1.05}, Values::kPue);
  EXPECT_DOUBLE_EQ(basis_of(place, 1.6, energy_of_one(0)).site_energy.u,
                   0.1 / std::sqrt(3.0) / 1.6);
}

TEST(Basis, MissesWhatThePlaceDoesNotTellWithItsFlag) {
  PlaceSignals place = place_of(hourly({1}));
  place.constants.pue.estimate = Estimate<double>::missing("no PUE: --pue");
  place.price = hourly({1}, Values::kPrice);
  const SumsBasis basis = basis_of(place, 1, energy_of_one(0.05));
  EXPECT_TRUE(basis.it_energy);
  for (const Estimate<double>* sum : {&basis.site_energy, &basis.carbon, &basis.cost}) {
    EXPECT_FALSE(*sum);
    EXPECT_EQ(sum->why, "no PUE: --pue");
  }
}

TEST(Basis, NotesWhatIsAssumedOfSeriesOnce) {
  PlaceSignals place = place_of(hourly({1}));
  place.intensity.kind.clear();
  place.constants.pue.estimate = Estimate<double>::missing("no PUE: --pue");
  std::vector<std::string> notes;
  add_place_notes({place, place}, notes);
  EXPECT_THAT(notes, testing::ElementsAre(testing::HasSubstr("taken as 10 %"),
                                          testing::HasSubstr("--intensity-kind"),
                                          testing::HasSubstr("cancels")));
}

}  // namespace
}  // namespace joulery::simulate
