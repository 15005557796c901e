// series: what headings say.
#include "series/units.h"

#include <gtest/gtest.h>

namespace joulery::series {
namespace {

double factor(std::string_view heading, SeriesMeasure measure) {
  const auto scale = unit_in_heading(heading, measure);
  return scale ? scale->factor : 0;
}

TEST(HeadingUnits, OfIntensities) {
  const double gram = 1 / 3.6e6;

  EXPECT_DOUBLE_EQ(factor("Carbon intensity gCO₂eq/kWh (direct)", SeriesMeasure::kIntensity), gram);
  EXPECT_DOUBLE_EQ(factor("carbon_intensity_g_per_kwh", SeriesMeasure::kIntensity), gram);
  EXPECT_DOUBLE_EQ(factor("MOER (lbs CO2/MWh)", SeriesMeasure::kIntensity), 453.59237 / 3.6e9);
  EXPECT_DOUBLE_EQ(factor("MOER (lbs/MWh)", SeriesMeasure::kIntensity), 453.59237 / 3.6e9);
  EXPECT_DOUBLE_EQ(factor("DE", SeriesMeasure::kIntensity), 0);
}

TEST(HeadingUnits, OfGasesInOtherSpellings) {
  const double gram = 1 / 3.6e6;
  using M = SeriesMeasure;

  EXPECT_DOUBLE_EQ(factor("intensity (kg CO2-eq/kWh)", M::kIntensity), 1000 * gram);
  EXPECT_DOUBLE_EQ(factor("intensity [gCO₂-eq per kWh]", M::kIntensity), gram);
  EXPECT_DOUBLE_EQ(factor("MOER", M::kIntensity), 453.59237 / 3.6e9);
}

TEST(HeadingUnits, ThatAreNotKnownAreARateStill) {
  EXPECT_TRUE(names_a_rate("intensity (mgCO2/kWh)"));
  EXPECT_TRUE(names_a_rate("ounces per MWh"));
  EXPECT_FALSE(names_a_rate("DE"));
  EXPECT_FALSE(names_a_rate("it_energy_kwh"));
}

TEST(HeadingUnits, OfCents) {
  using M = SeriesMeasure;
  const auto euro = unit_in_heading("price (ct/kWh)", M::kPrice);
  const auto dollar = unit_in_heading("price (¢/kWh)", M::kPrice);

  ASSERT_TRUE(euro && dollar);
  EXPECT_EQ(euro->currency, "EUR");
  EXPECT_EQ(dollar->currency, "USD");
  EXPECT_DOUBLE_EQ(euro->factor, 0.01 / 3.6e6);
}

TEST(HeadingUnits, OfMeters) {
  EXPECT_DOUBLE_EQ(factor("it_power_kw", SeriesMeasure::kPower), 1000);
  EXPECT_DOUBLE_EQ(factor("total_energy (kWh)", SeriesMeasure::kEnergy), 3.6e6);
  EXPECT_DOUBLE_EQ(factor("it_power_kw", SeriesMeasure::kEnergy), 0);
}

TEST(HeadingUnits, OfPricesNameTheMoney) {
  const auto price = unit_in_heading("day ahead (€/MWh)", SeriesMeasure::kPrice);

  ASSERT_TRUE(price);
  EXPECT_EQ(price->currency, "EUR");
  EXPECT_DOUBLE_EQ(price->factor, 1 / 3.6e9);
}

TEST(HeadingUnits, OfWeather) {
  const auto scale = unit_in_heading("temperature °F", SeriesMeasure::kTemperature);

  ASSERT_TRUE(scale);
  EXPECT_NEAR(212 * scale->factor + scale->offset, 100, 1e-12);
}

TEST(HeadingKinds, AreToldOrEmpty) {
  EXPECT_EQ(kind_in_heading("MOER (lbs/MWh)"), "marginal");
  EXPECT_EQ(kind_in_heading("Carbon intensity gCO₂eq/kWh (Life cycle)"), "average");
  EXPECT_EQ(kind_in_heading("Carbon intensity (g/kWh)"), "");
  EXPECT_EQ(kind_in_heading("DE"), "");
}

}  // namespace
}  // namespace joulery::series
