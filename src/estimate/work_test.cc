// estimate: operations of training against what was published, and rows that cannot be meant.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "estimate/estimate_fixture.h"

namespace joulery {
namespace {

using ::testing::HasSubstr;

TEST(TrainingWork, OfGpt3IsThePublishedOne) {
  const auto row = estimated({{"device", "V100"},
                              {"count", "10000"},
                              {"duration", "14.8d"},
                              {"parameters", "174.6B"},
                              {"tokens", "300B"}});

  // Brown et al. 2020, arXiv 2005.14165, Table D.1; Patterson et al. 2021, arXiv 2104.10350,
  // Table 4.
  ASSERT_TRUE(row.work);
  EXPECT_NEAR(*row.request.work->operations.value, 3.14e23, 0.005e23);
  EXPECT_NEAR(*row.work->per_device.value, 24.6e12, 0.1e12);
  EXPECT_NEAR(*row.work->utilisation.value, 24.6 / 125, 0.001);
}

// Patterson et al. 2021, arXiv 2104.10350, Table 4: operations, chips, days, TFLOP/s of a chip.
TEST(TrainingWork, RatesAreThePublishedOnesAsFarAsTheDaysAreRounded) {
  struct Row {
    const char *operations, *chips, *days;
    double tflops;
  };
  for (const Row& paper :
       {Row{"4.05e22", "512", "20d", 45.6}, Row{"1.12e23", "1024", "30d", 42.3},
        Row{"1.33e22", "1024", "3.1d", 48.0}, Row{"8.22e22", "1024", "27d", 34.4}}) {
    const auto row = estimated({{"device", "TPUv3"},
                                {"count", paper.chips},
                                {"duration", paper.days},
                                {"operations", paper.operations}});
    ASSERT_TRUE(row.work);
    EXPECT_NEAR(*row.work->per_device.value / 1e12, paper.tflops,
                2 * row.work->per_device.u / 1e12);
    EXPECT_NEAR(*row.work->per_device.value / 1e12, paper.tflops, 0.015 * paper.tflops);
  }
}

TEST(TrainingWork, FromLayersAgreesWithSixPerParameterAndToken) {
  const auto layers = estimated({{"energy", "1MWh"},
                                 {"layers", "96"},
                                 {"hidden", "12288"},
                                 {"sequence", "2048"},
                                 {"vocabulary", "51200"},
                                 {"tokens", "300G"}});

  const double six = 6 * 175e9 * 300e9;
  const auto& operations = layers.request.work->operations;
  EXPECT_NEAR(*operations.value / six, 1.025, 0.003);
  EXPECT_FALSE(layers.work->per_device);
  EXPECT_NEAR(*layers.work->per_joule.value, *operations.value / 3.6e9, 1e3);
}

// Narayanan et al. 2021, arXiv 2104.04473, section 5.1: 1,024 A100 at 140 TFLOP/s take 34 days; a
// quarter of that are forward passes made twice.
TEST(TrainingWork, AtAShareOfThePeakTakesThePublishedTime) {
  const auto row = estimated({{"device", "A100"},
                              {"count", "1024"},
                              {"parameters", "175G"},
                              {"tokens", "300G"},
                              {"mfu", "33.65%"}});

  EXPECT_NEAR(row.request.duration.value->count() / 86400, 34, 0.2);
  EXPECT_NEAR(*row.work->utilisation.value, 0.3365, 1e-6);
  EXPECT_NEAR(row.work->utilisation.u / 0.3365, 0.05, 1e-6);  // the operations' own cancels
}

TEST(TrainingWork, OfAMixtureCountsTheParametersThatATokenMeets) {
  const auto row = estimated({{"energy", "1GWh"},
                              {"parameters", "671G"},
                              {"active_parameters", "37G"},
                              {"tokens", "14.8T"}});

  EXPECT_NEAR(*row.request.work->operations.value, 6 * 37e9 * 14.8e12, 1e15);
  EXPECT_THAT(row.request.work->basis, HasSubstr("active"));
}

TEST(TrainingWork, IsSaidOnceAndWhole) {
  const auto with = [](WordList words) {
    words.emplace_back("energy", "1MWh");
    return refusal(words);
  };
  EXPECT_THAT(with({{"parameters", "1G"}}), HasSubstr("tokens"));
  EXPECT_THAT(with({{"tokens", "1G"}}), HasSubstr("parameters"));
  EXPECT_THAT(with({{"layers", "96"}, {"tokens", "1G"}}), HasSubstr("hidden"));
  EXPECT_THAT(with({{"hidden", "96"}}), HasSubstr("layers"));
  EXPECT_THAT(with({{"operations", "1e22"}, {"parameters", "1G"}, {"tokens", "1G"}}),
              HasSubstr("second time"));
  EXPECT_THAT(with({{"parameters", "1G"}, {"layers", "9"}, {"tokens", "1G"}}),
              HasSubstr("second time"));
  EXPECT_THAT(with({{"parameters", "1G"}, {"active_parameters", "2G"}, {"tokens", "1G"}}),
              HasSubstr("more than all"));
  EXPECT_THAT(with({{"operations", "1e40"}}), HasSubstr("number"));
  EXPECT_THAT(with({{"mfu", "40%"}}), HasSubstr("work"));
  EXPECT_THAT(with({{"mfu", "40%"}, {"operations", "1e22"}}), HasSubstr("device"));
  EXPECT_THAT(
      refusal({{"device", "A100"}, {"duration", "1h"}, {"mfu", "40%"}, {"operations", "1e22"}}),
      HasSubstr("second time"));
}

}  // namespace
}  // namespace joulery
