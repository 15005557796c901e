// pue: headings and what they tell, and meters that count on.
#include "pue/columns.h"

#include <gtest/gtest.h>

#include "pue/made_readings.h"
#include "pue/meter_states.h"

namespace joulery {
namespace {

using std::chrono::hours;

TEST(ReadingColumns, AreSortedByTheirFirstWord) {
  const auto columns =
      sort_columns({"timestamp", "IT Power (kW)", "facility_kwh", "total-energy-MWh", "PUE",
                    "wet_bulb_c", "outdoor temperature", "items", ""});

  ASSERT_EQ(columns.it.size(), 1u);
  EXPECT_EQ(columns.it[0].heading, "IT Power (kW)");
  EXPECT_EQ(columns.it[0].measure, SeriesMeasure::kPower);
  EXPECT_TRUE(columns.it[0].has_unit);
  EXPECT_EQ(columns.facility.at(0).measure, SeriesMeasure::kEnergy);
  EXPECT_EQ(columns.total.at(0).measure, SeriesMeasure::kEnergy);
  EXPECT_EQ(columns.pue.size(), 1u);
  EXPECT_EQ(columns.temperature.size(), 2u);
}

TEST(ReadingColumns, TellPowerFromEnergyByTheUnitOrNotAtAll) {
  const auto columns = sort_columns({"it_load", "facility_power", "total_energy_kw"});
  EXPECT_FALSE(columns.it.at(0).measure);
  EXPECT_EQ(columns.facility.at(0).measure, SeriesMeasure::kPower);
  EXPECT_FALSE(columns.facility.at(0).has_unit);
  EXPECT_EQ(columns.total.at(0).measure, SeriesMeasure::kPower);  // a unit says more than a word
  EXPECT_EQ(measure_of_unit("MWh"), SeriesMeasure::kEnergy);
  EXPECT_FALSE(measure_of_unit("kVA"));
}

TEST(ReadingColumns, OfOneKindMustBeOne) {
  const auto columns = sort_columns({"it_a_kw", "it_b_kw"});
  const auto one = only_one(columns.it, "hall.csv", "IT readings");
  ASSERT_FALSE(one);
  EXPECT_NE(one.error().message.find("it_a_kw, it_b_kw"), std::string::npos);
}

Series states(std::size_t count) {
  return made_series(SeriesMeasure::kEnergy, "it_kwh", "2020-01-01T00:00Z", hours(1), count,
                     [](std::size_t i) { return 1e9 + 3.6e6 * static_cast<double>(i); });
}

TEST(MeterStates, AreRefusedUntilTheUserSaysWhatTheyAre) {
  Series series = states(48);
  const auto guess = settle_energies(EnergyReading::kGuess, series);
  ASSERT_FALSE(guess);
  EXPECT_NE(guess.error().message.find("--energy cumulative"), std::string::npos);
  EXPECT_TRUE(settle_energies(EnergyReading::kInterval, series));
  EXPECT_EQ(series.pieces.size(), 48u);

  Series few = states(47);
  EXPECT_TRUE(settle_energies(EnergyReading::kGuess, few));
  Series level = states(48);
  for (SeriesPiece& piece : level.pieces) piece.value = 3.6e6;
  EXPECT_TRUE(settle_energies(EnergyReading::kGuess, level));
}

TEST(MeterStates, GiveTheEnergiesBetweenThem) {
  Series series = states(48);
  for (std::size_t i = 20; i < 48; ++i) series.pieces[i].value -= 1e9;  // a new meter
  series.pieces.erase(series.pieces.begin() + 30);
  ASSERT_TRUE(settle_energies(EnergyReading::kCumulative, series));

  EXPECT_EQ(series.pieces.size(), 44u);
  for (const SeriesPiece& piece : series.pieces) {
    EXPECT_NEAR(piece.value, 3.6e6, 1e-3);
    EXPECT_EQ(piece.end - piece.begin, hours(1));
  }
  ASSERT_EQ(series.notes.size(), 1u);
  EXPECT_NE(series.notes[0].find("falls 1 time"), std::string::npos);

  Series one = states(1);
  EXPECT_FALSE(settle_energies(EnergyReading::kCumulative, one));
}

TEST(MeterStates, OfPowerAreLeftAlone) {
  Series power = states(48);
  power.measure = SeriesMeasure::kPower;
  EXPECT_TRUE(settle_energies(EnergyReading::kCumulative, power));
  EXPECT_EQ(power.pieces.size(), 48u);
}

}  // namespace
}  // namespace joulery
