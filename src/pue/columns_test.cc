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

  const auto others = sort_columns({"it_gw", "IT hall J (kW)", "it_kw_h", "it_kva"});
  EXPECT_EQ(others.it.at(0).measure, SeriesMeasure::kPower);
  EXPECT_EQ(others.it.at(1).measure, SeriesMeasure::kPower);
  EXPECT_EQ(others.it.at(2).measure, SeriesMeasure::kEnergy);
  EXPECT_FALSE(others.it.at(3).has_unit);
}

TEST(ReadingColumns, OfWhatWasWishedForAreNone) {
  const auto columns = sort_columns({"pue_target", "PUE (design)", "it_forecast_kw", "pue"});
  ASSERT_EQ(columns.pue.size(), 1u);
  EXPECT_EQ(columns.pue[0].heading, "pue");
  EXPECT_TRUE(columns.it.empty());
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
  const auto guess = check_energies(EnergyReading::kGuess, states(48));
  ASSERT_FALSE(guess);
  EXPECT_NE(guess.error().message.find("--energy cumulative"), std::string::npos);
  EXPECT_TRUE(check_energies(EnergyReading::kInterval, states(48)));

  EXPECT_TRUE(check_energies(EnergyReading::kGuess, states(47)));
  Series level = states(48);
  for (SeriesPiece& piece : level.pieces) piece.value = 3.6e6;
  EXPECT_TRUE(check_energies(EnergyReading::kGuess, level));
}

TEST(MeterStates, AreNotHiddenByAnExchangeOrAPollOf0) {
  Series exchanged = states(96);
  for (std::size_t i = 40; i < 96; ++i) exchanged.pieces[i].value -= 1e9;
  Series polled = states(96);
  polled.pieces[50].value = 0;

  for (const Series& series : {exchanged, polled}) {
    const auto guess = check_energies(EnergyReading::kGuess, series);
    ASSERT_FALSE(guess);
    EXPECT_NE(guess.error().message.find("rise and fall 1 time,"), std::string::npos);
  }
}

TEST(MeterStates, AreNoEnergiesThatFollowALoad) {
  Series load = states(240);
  for (std::size_t i = 0; i < 240; ++i) load.pieces[i].value = 1e6 * static_cast<double>(i % 7);
  EXPECT_TRUE(check_energies(EnergyReading::kGuess, load));
}

TEST(MeterStates, OfPowerAreNone) {
  Series power = states(48);
  power.measure = SeriesMeasure::kPower;
  EXPECT_TRUE(check_energies(EnergyReading::kGuess, power));
}

}  // namespace
}  // namespace joulery
