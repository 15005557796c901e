// estimate: one row from words to energy, carbon and money.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "estimate/estimate_fixture.h"

namespace joulery {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(EstimateRow, CountsGpusCpusAndDramAsTheFirstEquationDoes) {
  const EstimatedRow row = estimated({{"power", "180W"},
                                      {"count", "8"},
                                      {"cpu_power", "60W"},
                                      {"dram_power", "15.43W"},
                                      {"duration", "84h"},
                                      {"pue", "1.58"},
                                      {"intensity", "0.954lb/kWh"}});

  EXPECT_NEAR(kwh(row.site.site_energy), 1.58 * 84 * (8 * 180 + 60 + 15.43) / 1000, 1e-6);
  EXPECT_NEAR(row.site.carbon.value->count() / kGramsPerPound, 0.954 * kwh(row.site.site_energy),
              1e-6);
  EXPECT_THAT(row.includes, ElementsAre("gpu", "cpu", "dram"));
  EXPECT_THAT(row.excludes, ElementsAre("rest"));
  EXPECT_EQ(row.it_energy.evidence, Evidence::kConstant);
}

TEST(EstimateRow, TakesTheMeasuredMeanOfATableBeforeItsTdp) {
  const EstimatedRow measured =
      estimated({{"device", "TPUv3"}, {"count", "1024"}, {"duration", "27d"}});
  const EstimatedRow by_tdp = estimated(
      {{"device", "TPUv3"}, {"count", "1024"}, {"duration", "27d"}, {"utilisation", "50%"}});

  EXPECT_NEAR(kwh(measured.it_energy), 1024 * 27 * 24 * 0.283, 1e-3);
  EXPECT_THAT(measured.request.parts[0].source, HasSubstr("2104.10350"));
  EXPECT_NEAR(kwh(by_tdp.it_energy), 1024 * 27 * 24 * 0.225, 1e-3);
  EXPECT_EQ(by_tdp.it_energy.evidence, Evidence::kModelled);
  EXPECT_GT(by_tdp.it_energy.u / *by_tdp.it_energy.value, 0.25);
  EXPECT_THAT(by_tdp.excludes, ElementsAre("cpu", "dram", "rest"));
}

TEST(EstimateRow, WithoutPowerCostsMoneyAndHasNoEnergy) {
  const EstimatedRow row = estimated({{"device", "TPUv2"},
                                      {"count", "16"},
                                      {"duration", "96h"},
                                      {"power", "unknown"},
                                      {"pue", "1.58"},
                                      {"cloud_price", "1.35..4.5USD/h"}});

  EXPECT_FALSE(row.it_energy);
  EXPECT_FALSE(row.site.carbon);
  EXPECT_THAT(row.it_energy.why, HasSubstr("unknown"));
  EXPECT_NEAR(row.cloud_cost.low.value->count(), 2073.6, 1e-6);
  EXPECT_NEAR(row.cloud_cost.high.value->count(), 6912, 1e-6);
}

TEST(EstimateRow, DoesNotApplyAPueTwice) {
  const WordList base = {
      {"energy", "1287MWh"}, {"duration", "14.8d"}, {"pue", "1.1"}, {"intensity", "0.429kg/kWh"}};
  WordList includes = base;
  includes.emplace_back("energy_includes_pue", "true");

  EXPECT_NEAR(kwh(estimated(base).site.site_energy), 1287e3 * 1.1, 1e-3);
  const EstimatedRow row = estimated(includes);
  EXPECT_NEAR(kwh(row.site.site_energy), 1287e3, 1e-3);
  EXPECT_NEAR(kwh(row.it_energy), 1287e3 / 1.1, 1e-3);
  EXPECT_NEAR(row.site.carbon.value->count(), 552.1e6, 0.1e6);
}

TEST(EstimateRow, TurnsStepsIntoHours) {
  const EstimatedRow row = estimated({{"steps", "979M"}, {"rate", "300k/84h"}, {"power", "1W"}});

  EXPECT_NEAR(row.request.duration.value->count() / 3600, 274'120, 1e-6);
  EXPECT_GT(row.request.duration.u.count(), 0);
}

TEST(EstimateRow, KnowsAPrintedNumberToHalfItsLastDigit) {
  const auto u = [](const char* text) {
    return estimated({{"duration", text}, {"power", "1W"}}).request.duration.u.count() / 3600;
  };
  EXPECT_NEAR(u("79h"), 0.5 / std::sqrt(3), 1e-9);
  EXPECT_NEAR(u("79.2h"), 0.05 / std::sqrt(3), 1e-9);
  EXPECT_NEAR(u("79.2h+-1h"), 1, 1e-9);
  EXPECT_NEAR(u("80h+-10%"), 8, 1e-9);
}

TEST(EstimateRow, CountsDeviceHoursOnce) {
  const EstimatedRow row = estimated(
      {{"device_hours", "184320h"}, {"power", "400W"}, {"pue", "1.1"}, {"intensity", "385g/kWh"}});

  EXPECT_NEAR(row.site.carbon.value->count() / 1e6, 31.2238, 1e-3);
  EXPECT_FALSE(row.request.duration);
  EXPECT_NEAR(estimated({{"device_hours", "800h"}, {"count", "8"}, {"power", "1W"}})
                  .request.duration.value->count(),
              360'000, 1e-6);
}

TEST(EstimateRow, GivesTheCarbonPerUnitOfWork) {
  const WordList words = {{"device", "A100"},    {"duration", "1h"},        {"power", "400W"},
                          {"pue", "1"},          {"intensity", "500g/kWh"}, {"embodied", "1000kg"},
                          {"lifetime", "1460d"}, {"per", "1k responses"}};
  const EstimatedRow row = estimated(words);

  EXPECT_NEAR(row.embodied->value->count(), 28.5, 0.1);
  EXPECT_NEAR(row.sci->value->count(), (200 + 1e6 / 35'040) / 1000, 1e-9);
  EstimateRequest bought = row.request;
  bought.place.intensity.basis = "market";
  EXPECT_FALSE(*estimate_row(bought).sci);
  EXPECT_FALSE(*estimated({{"duration", "1h"}, {"power", "400W"}, {"per", "5 jobs"}}).sci);
}

TEST(EstimateRow, TakesPricesOfTheTableOnlyWhenAsked) {
  const WordList words = {{"device", "V100"}, {"duration", "10h"}, {"power", "300W"}};
  WordList asked = words;
  asked.emplace_back("cloud_price", "table");

  EXPECT_FALSE(estimated(words).cloud_cost.low);
  const EstimatedRow row = estimated(asked);
  EXPECT_NEAR(row.cloud_cost.low.value->count(), 5.5, 1e-9);
  EXPECT_NEAR(row.cloud_cost.high.value->count(), 24.8, 1e-9);
  EXPECT_THAT(row.request.place.cloud_price_source, HasSubstr("2019"));
}

// Products are not linear: the law of propagation must still hold what a simulation of the same
// inputs gives (GUM supplement 1).
TEST(EstimateRow, HasTheUncertaintyThatASimulationGives) {
  const EstimatedRow row = estimated({{"power", "180W+-9W"},
                                      {"count", "8"},
                                      {"cpu_power", "100W+-20W"},
                                      {"duration", "84h"},
                                      {"pue", "1.3+-0.058"},
                                      {"intensity", "350g/kWh"}});
  std::mt19937 random(7);
  std::normal_distribution<double> unit;
  double sum = 0;
  double squares = 0;
  constexpr int kTrials = 100'000;
  for (int i = 0; i < kTrials; ++i) {
    const double watts = 8 * (180 + 9 * unit(random)) + 100 + 20 * unit(random);
    const double hours = 84 + 0.5 / std::sqrt(3) * unit(random);
    const double grams =
        watts * hours / 1000 * (1.3 + 0.058 * unit(random)) * (350 + 35 * unit(random));
    sum += grams;
    squares += grams * grams;
  }

  const double mean = sum / kTrials;
  const double sd = std::sqrt(squares / kTrials - mean * mean);
  EXPECT_NEAR(row.site.carbon.value->count() / mean, 1, 0.002);
  EXPECT_NEAR(row.site.carbon.u.count() / sd, 1, 0.03);
  EXPECT_EQ(row.site.carbon.top, "carbon intensity");
}

TEST(EstimateTotal, RefusesToMixKindsOfIntensity) {
  EstimatedRow average =
      estimated({{"power", "1kW"}, {"duration", "1h"}, {"pue", "1"}, {"intensity", "100g/kWh"}});
  EstimatedRow marginal = average;
  average.request.place.intensity.kind = "average";
  marginal.request.place.intensity.kind = "marginal";
  EstimatedRow bought = average;
  average.request.place.intensity.basis = "location";
  bought.request.place.intensity.basis = "market";

  const EstimateTotal same = total_of({average, average});
  const EstimateTotal mixed = total_of({average, marginal});
  EstimatedRow unstated = average;
  unstated.request.place.intensity.kind = "unstated";
  EXPECT_FALSE(total_of({average, unstated}).site.carbon);

  EXPECT_NEAR(same.site.carbon.value->count(), 200, 1e-9);
  EXPECT_NEAR(same.site.carbon.u.count(), 2 * average.site.carbon.u.count(), 1e-9);
  EXPECT_FALSE(mixed.site.carbon);
  EXPECT_FALSE(total_of({average, bought}).site.carbon);
  EXPECT_THAT(mixed.site.carbon.why, HasSubstr("average, location-based and marginal"));
  EXPECT_NEAR(kwh(mixed.it_energy), 2, 1e-9);
}

TEST(Plausible, FlagsEnergyThatNoSuchHardwareUses) {
  const auto flags = [](const WordList& words) { return estimated(words).flags; };
  EXPECT_THAT(flags({{"device", "V100"}, {"duration", "10h"}, {"power", "188W"}}), IsEmpty());
  EXPECT_THAT(flags({{"device", "V100"}, {"duration", "10h"}, {"power", "188kW"}}),
              Contains(HasSubstr("times the TDP of V100")));
  EXPECT_THAT(flags({{"device", "V100"}, {"duration", "10h"}, {"energy", "1Wh"}}),
              Contains(HasSubstr("idle")));
  EXPECT_THAT(flags({{"duration", "10h"}, {"power", "188kW"}}),
              Contains(HasSubstr("more than any accelerator")));
  EXPECT_THAT(flags({{"duration", "10h"}, {"power", "1W"}, {"intensity", "1800g/kWh"}}),
              Contains(HasSubstr("implausible intensity")));
}

TEST(Plausible, NamesTheSlipBehindAPublishedFigure) {
  const auto flags = [](const char* key, const char* text) {
    return estimated({{"node_power", "1515.43W"},
                      {"duration", "84h"},
                      {"pue", "1.58"},
                      {"intensity", "0.954lb/kWh"},
                      {key, text}})
        .flags;
  };
  EXPECT_THAT(flags("published_carbon", "192lb"), IsEmpty());
  EXPECT_THAT(flags("published_carbon", "192kg"), Contains(HasSubstr("pounds")));
  EXPECT_THAT(flags("published_energy", "201kWh"), IsEmpty());
  EXPECT_THAT(flags("published_energy", "201MWh"), Contains(HasSubstr("thousand")));
  EXPECT_THAT(flags("published_energy", "318kWh"), Contains(HasSubstr("twice")));
  EXPECT_THAT(flags("published_energy", "127kWh"), Contains(HasSubstr("left out")));
  EXPECT_THAT(flags("published_energy", "260kWh"), Contains(HasSubstr("1.29 times ours")));
}

TEST(EstimateRow, RowsWithAMetricAreHeldAgainstOneAnother) {
  // Of arXiv 1906.02243: Table 3 and section 4.1. Nobody knows what a TPU drew.
  const EstimatedRow big = estimated({{"device", "P100"},
                                      {"count", "8"},
                                      {"duration", "84h"},
                                      {"node_power", "1515.43W"},
                                      {"cloud_price", "0.43..1.46USD/h"},
                                      {"metric", "28.4"}});
  const EstimatedRow search = estimated({{"device", "TPUv2"},
                                         {"device_hours", "32633h"},
                                         {"power", "unknown"},
                                         {"cloud_price", "1.35..4.5USD/h"},
                                         {"metric", "29.7"}});
  const EstimatedRow worse = estimated({{"energy", "1GWh"}, {"metric", "20"}});
  const EstimatedRow none = estimated({{"energy", "1kWh"}});

  const std::vector<FrontPoint> front = fronts_of_rows({big, search, worse, none});

  ASSERT_EQ(front.size(), 3u);
  EXPECT_TRUE(front[0].energy && front[0].cost);
  EXPECT_FALSE(front[1].point.energy_j);
  EXPECT_TRUE(front[1].cost);
  EXPECT_NEAR(*front[1].point.cost, 146'848, 1);
  EXPECT_FALSE(front[2].energy || front[2].cost);
}

}  // namespace
}  // namespace joulery
