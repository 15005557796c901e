// series: intensities of production mixes, against sums by hand with the shipped factors.
#include "series/mixes.h"

#include <gmock/gmock.h>

#include <cmath>

#include "series/made_tables.h"

namespace joulery::series {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

double grams(const Series& series, std::size_t at = 0) {
  return series.pieces[at].value * kJoulesPerKilowattHour;
}

TEST(Mix, OfShippedFactorsIsTheirWeightedMean) {
  const auto series = read_text(
      "MTU,Fossil Hard coal  - Actual Aggregated [MW],Wind Onshore  - Actual Aggregated [MW],"
      "Hydro Run-of-river and poundage  - Actual Aggregated [MW]\n"
      "2026-01-01 00:00,100,300,0\n2026-01-01 01:00,0,300,100\n");

  ASSERT_TRUE(series) << series.error().message;
  EXPECT_NEAR(grams(*series, 0), (100 * 820 + 300 * 11) / 400.0, 1e-9);
  EXPECT_NEAR(grams(*series, 1), (300 * 11 + 100 * 24) / 400.0, 1e-9);
  EXPECT_EQ(series->kind, "average");
  EXPECT_EQ(series->name, "mix");
}

const SeriesError* error_of(const Series& series, const std::string& name) {
  for (const SeriesError& error : series.errors)
    if (error.name == name) return &error;
  return nullptr;
}

/// In g/kWh.
double u_grams(const SeriesError& error, std::size_t at) {
  return error.u[at] * kJoulesPerKilowattHour;
}

TEST(Mix, HasTheUncertaintyOfEachFactorInEachRow) {
  const auto series =
      read_text("time,coal,nuclear\n2026-01-01 00:00,50,50\n2026-01-01 01:00,0,50\n");

  ASSERT_TRUE(series) << series.error().message;
  ASSERT_EQ(series->errors.size(), 2u);
  const SeriesError* const coal = error_of(*series, "coal");
  const SeriesError* const nuclear = error_of(*series, "nuclear");
  ASSERT_TRUE(coal && nuclear);
  EXPECT_TRUE(coal->same_at_all_times);
  EXPECT_NEAR(u_grams(*coal, 0), 101.1 / 2, 1e-9);
  EXPECT_NEAR(u_grams(*coal, 1), 0, 1e-9);
  EXPECT_NEAR(u_grams(*nuclear, 0), 9.9 / 2, 1e-9);
  EXPECT_NEAR(u_grams(*nuclear, 1), 9.9, 1e-9);
}

TEST(Mix, UncertaintiesFollowTheirRowsThroughOrderGapsAndRepeats) {
  const auto series = read_text(
      "time,coal,waste\n2026-01-01 04:00,1,3\n2026-01-01 03:00,1,1\n2026-01-01 03:00,1,1\n"
      "2026-01-01 02:00,,1\n2026-01-01 01:00,1,0\n2026-01-01 00:00,0,1\n");

  ASSERT_TRUE(series) << series.error().message;
  ASSERT_EQ(series->pieces.size(), 4u);
  const SeriesError* const waste = error_of(*series, "waste");
  ASSERT_TRUE(waste);
  EXPECT_FALSE(waste->same_at_all_times);
  const double all = (820 - 11) / std::sqrt(12.0);
  EXPECT_NEAR(u_grams(*waste, 0), all, 1e-9);
  EXPECT_NEAR(u_grams(*waste, 1), 0, 1e-9);
  EXPECT_NEAR(u_grams(*waste, 2), all / 2, 1e-9);
  EXPECT_NEAR(u_grams(*waste, 3), all * 3 / 4, 1e-9);
}

TEST(Mix, OfEnergiesIsTheSame) {
  const auto series =
      read_text("time,coal_mwh,nuclear_mwh\n2026-01-01 00:00,50,50\n2026-01-01 01:00,50,50\n");

  ASSERT_TRUE(series) << series.error().message;
  EXPECT_NEAR(grams(*series), (820 + 12) / 2.0, 1e-9);
}

TEST(Mix, TakesImportsFromTheTableOfRegionsAndAFactorOfTheFileFirst) {
  const std::string rows = "\n2026-01-01 00:00,100,100,700\n2026-01-01 01:00,100,100,700\n";

  const auto of_table = read_text("time,nuclear,import FR,load" + rows);
  const auto of_file = read_text("time,nuclear,import FR,import FR (g/kWh)" + rows);

  ASSERT_TRUE(of_table) << of_table.error().message;
  ASSERT_TRUE(of_file) << of_file.error().message;
  EXPECT_GT(grams(*of_table), 12);
  EXPECT_LT(grams(*of_table), 60);  // France has far less than 100 g/kWh
  ASSERT_TRUE(error_of(*of_table, "import fr"));
  EXPECT_FALSE(error_of(*of_table, "import fr")->same_at_all_times);
  EXPECT_NEAR(grams(*of_file), (12 + 700) / 2.0, 1e-9);
}

TEST(Mix, NamesWhatHasNoFactorAndBoundsIt) {
  const auto series =
      read_text("time,wind,waste\n2026-01-01 00:00,90,10\n2026-01-01 01:00,90,10\n");

  ASSERT_TRUE(series) << series.error().message;
  EXPECT_NEAR(grams(*series), 0.9 * 11 + 0.1 * (11 + 820) / 2, 1e-9);
  EXPECT_THAT(series->notes, Contains(HasSubstr("no factor for waste: 10 %")));
  // The value can be that of 11 g/kWh or of 820: within two standard uncertainties.
  const SeriesError* const waste = error_of(*series, "waste");
  ASSERT_TRUE(waste);
  EXPECT_FALSE(waste->same_at_all_times);
  EXPECT_GT(grams(*series) + 2 * u_grams(*waste, 0), 0.9 * 11 + 0.1 * 820);
  EXPECT_LT(grams(*series) - 2 * u_grams(*waste, 0), 11);
}

TEST(Mix, LeavesOutStorageAndWhatIsNegative) {
  const auto series = read_text(
      "time,coal [MW],Hydro Pumped Storage [MW],gas [MW],Load [MW]\n"
      "2026-01-01 00:00,100,50,-20,900\n2026-01-01 01:00,100,-50,100,900\n");

  ASSERT_TRUE(series) << series.error().message;
  EXPECT_NEAR(grams(*series, 0), 820, 1e-9);
  EXPECT_NEAR(grams(*series, 1), (820 + 490) / 2.0, 1e-9);
  EXPECT_THAT(series->notes, Contains(HasSubstr("1 negative value")));
  EXPECT_THAT(series->notes, Contains(HasSubstr("left out: Hydro Pumped Storage [MW], Load [MW]")));
}

TEST(Mix, IsNotKnownWhereASourceLacksAValueUnlessItNeverHasOne) {
  const auto series = read_text(
      "time,coal,gas,peat\n2026-01-01 00:00,1,1,n/e\n2026-01-01 01:00,1,,n/e\n"
      "2026-01-01 02:00,1,1,n/e\n");

  ASSERT_TRUE(series) << series.error().message;
  ASSERT_EQ(series->pieces.size(), 2U);
  EXPECT_THAT(series->notes, Not(Contains(HasSubstr("no factor"))));
}

TEST(Mix, OfNothingIsNotKnown) {
  const auto series = read_text(
      "time,coal,gas\n2026-01-01 00:00,0,0\n2026-01-01 01:00,1,1\n2026-01-01 02:00,1,1\n");

  ASSERT_TRUE(series) << series.error().message;
  EXPECT_EQ(series->pieces.size(), 2U);
}

TEST(Mix, IsAskedForWhereAColumnOfIntensityIsThere) {
  const std::string text =
      "time,coal [MW],wind [MW],Carbon Intensity (g/kWh)\n2026-01-01 00:00,1,1,77\n"
      "2026-01-01 01:00,1,1,77\n";

  const auto column = read_text(text);
  const auto mix = read_text(text, "mix");

  ASSERT_TRUE(column) << column.error().message;
  ASSERT_TRUE(mix) << mix.error().message;
  EXPECT_NEAR(grams(*column), 77, 1e-9);
  EXPECT_NEAR(grams(*mix), (820 + 11) / 2.0, 1e-9);
}

TEST(Mix, RefusesWhatDoesNotGoTogether) {
  const std::string rows = "\n2026-01-01 00:00,1,1\n2026-01-01 01:00,1,1\n";

  const auto units = read_text("time,coal [MW],gas [MWh]" + rows);
  const auto absurd = read_text("time,coal,gas\n2026-01-01 00:00,1,1e300\n");

  ASSERT_FALSE(units);
  EXPECT_THAT(units.error().message, HasSubstr("'gas [MWh]'"));
  ASSERT_FALSE(absurd);
  EXPECT_THAT(absurd.error().message, HasSubstr("absurd"));
}

}  // namespace
}  // namespace joulery::series
