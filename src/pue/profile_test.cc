// pue: profiles of made readings: uneven, with gaps, on days of 23 and 25 hours, and impossible.
#include <gtest/gtest.h>

#include "pue/hours.h"
#include "pue/made_readings.h"

namespace joulery {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

/// `days` of hourly ratios: 1.4 and, from 14 to 15 h UTC, 1.5.
PueReadings afternoon_peaks(std::string_view begin, std::size_t days) {
  return made_ratios(made_series(SeriesMeasure::kPue, "pue", begin, hours(1), 24 * days,
                                 [](std::size_t i) { return i % 24 == 14 ? 1.5 : 1.4; }));
}

std::string refusal(const PueReadings& readings, std::optional<double> accuracy = {}) {
  const auto profile = profile_of(readings, utc, accuracy);
  EXPECT_FALSE(profile);
  if (profile) return "";
  EXPECT_EQ(profile.error().code, ErrorCode::kInvalid);
  return profile.error().message;
}

TEST(PueProfile, VariationIsThePercentByWhichTheGreatestHourExceedsTheLeast) {
  const auto profile = profile_of(afternoon_peaks("2020-07-27T00:00Z", 3), utc, {});

  ASSERT_TRUE(profile) << profile.error().message;
  ASSERT_EQ(profile->days.size(), 3u);
  EXPECT_EQ(profile->days[0].name, "2020-07-27");
  EXPECT_NEAR(*profile->days[0].variation_pct, 100 * (1.5 / 1.4 - 1), 1e-12);
  EXPECT_DOUBLE_EQ(*profile->days[0].mean, (23 * 1.4 + 1.5) / 24);
  EXPECT_FALSE(profile->days[0].energy_weighted_mean);
  EXPECT_EQ(profile->days[1].greatest_hour, 24u + 14);
  EXPECT_EQ(profile->all.least_hour, 0u);
  EXPECT_EQ(profile->all.days, 3u);
}

TEST(PueProfile, AYearIsTheMeanOverItsDaysAndNotOverItsMonths) {
  // 31 days of January that vary by 10 %, and one of February that does not.
  const auto readings = made_ratios(
      made_series(SeriesMeasure::kPue, "pue", "2020-01-01T00:00Z", hours(1), 24 * 32,
                  [](std::size_t i) { return i < 24 * 31 && i % 24 == 14 ? 1.65 : 1.5; }));

  const auto profile = profile_of(readings, utc, {});

  ASSERT_TRUE(profile) << profile.error().message;
  ASSERT_EQ(profile->months.size(), 2u);
  EXPECT_NEAR(*profile->months[0].variation_pct, 10, 1e-9);
  EXPECT_NEAR(*profile->months[1].variation_pct, 0, 1e-9);
  EXPECT_NEAR(*profile->all.variation_pct, 10 * 31 / 32., 1e-9);
  ASSERT_EQ(profile->years.size(), 1u);
  EXPECT_EQ(profile->years[0].name, "2020");
  EXPECT_EQ(profile->years[0].variation_pct, profile->all.variation_pct);
}

TEST(PueProfile, HoursOfMetersAreRatiosOfEnergies) {
  // A quarter of each hour at 100 kW of IT and 50 of overhead, the rest at 200 and 60.
  auto it = made_series(SeriesMeasure::kPower, "it_kw", "2020-01-01T00:00Z", minutes(15), 96,
                        [](std::size_t i) { return i % 4 == 0 ? 100e3 : 200e3; });
  auto facility =
      made_series(SeriesMeasure::kPower, "facility_kw", "2020-01-01T00:00Z", minutes(15), 96,
                  [](std::size_t i) { return i % 4 == 0 ? 50e3 : 60e3; });

  const auto profile = profile_of(made_meters(it, facility), utc, {});

  ASSERT_TRUE(profile) << profile.error().message;
  EXPECT_DOUBLE_EQ(*profile->hours[0].mean, (150. + 3 * 260) / (100 + 3 * 200));
  EXPECT_DOUBLE_EQ(profile->hours[0].load->count(), 175e3);
}

TEST(PueProfile, EnergiesOfUnevenIntervalsAndTotalsGiveTheSame) {
  // IT of 100 kW read every 20 minutes as energy, a site of 130 kW read hourly as power.
  auto it = made_series(SeriesMeasure::kEnergy, "it_kwh", "2020-01-01T00:00Z", minutes(20), 72,
                        [](std::size_t) { return 100e3 * 1200; });
  it.pieces[5].begin = at("2020-01-01T01:50:00Z");  // one read late, one in two parts
  it.pieces[5].value = 100e3 * 600;
  it.pieces[4].end = it.pieces[5].begin;
  it.pieces[4].value = 100e3 * 1800;
  const auto total = made_series(SeriesMeasure::kPower, "total_kw", "2020-01-01T00:00Z", hours(1),
                                 24, [](std::size_t) { return 130e3; });

  const auto profile = profile_of(made_meters(it, total, true), utc, {});

  ASSERT_TRUE(profile) << profile.error().message;
  for (const PueHour& hour : profile->hours) EXPECT_NEAR(*hour.mean, 1.3, 1e-12);
  EXPECT_NEAR(*profile->all.energy_weighted_mean, 1.3, 1e-12);
}

TEST(PueProfile, TellsTheMeanOverTimeFromTheOneThatMultipliesEnergy) {
  // A busy half day at 1.2, an idle one at 1.6 with a tenth of the load.
  auto it = made_series(SeriesMeasure::kPower, "it_kw", "2020-01-01T00:00Z", hours(12), 2,
                        [](std::size_t i) { return i == 0 ? 100e3 : 10e3; });
  auto facility = made_series(SeriesMeasure::kPower, "facility_kw", "2020-01-01T00:00Z", hours(12),
                              2, [](std::size_t i) { return i == 0 ? 20e3 : 6e3; });

  const auto profile = profile_of(made_meters(it, facility), utc, {});

  ASSERT_TRUE(profile) << profile.error().message;
  EXPECT_NEAR(*profile->all.mean, 1.4, 1e-12);
  EXPECT_NEAR(*profile->all.energy_weighted_mean, 136. / 110, 1e-12);
}

TEST(PueProfile, DaysOnWhichTheClockIsSetHave23And25Hours) {
  const auto profile = profile_of(afternoon_peaks("2020-01-01T07:00Z", 366), denver_2020, {});

  ASSERT_TRUE(profile) << profile.error().message;
  ASSERT_EQ(profile->days.size(), 366u);
  EXPECT_EQ(profile->days[67].name, "2020-03-08");
  EXPECT_DOUBLE_EQ(profile->days[67].hours, 23);
  EXPECT_EQ(profile->days[305].name, "2020-11-01");
  EXPECT_DOUBLE_EQ(profile->days[305].known_hours, 25);
  EXPECT_DOUBLE_EQ(*profile->days[305].mean, (24 * 1.4 + 1.5) / 25);
  EXPECT_EQ(profile->all.days_of_variation, 366u);
}

TEST(PueProfile, AnHourCountsWhereHalfOfItWasSeen) {
  PueReadings readings = afternoon_peaks("2020-01-01T00:00Z", 1);
  readings.pue->pieces[2].begin += minutes(30);
  readings.pue->pieces[3].begin += minutes(31);
  readings.pue->pieces.erase(readings.pue->pieces.begin() + 5);

  const auto profile = profile_of(readings, utc, {});

  ASSERT_TRUE(profile) << profile.error().message;
  EXPECT_TRUE(profile->hours[2].mean);
  EXPECT_DOUBLE_EQ(profile->hours[2].coverage, 0.5);
  EXPECT_FALSE(profile->hours[3].mean);
  EXPECT_FALSE(profile->hours[5].mean);
  EXPECT_EQ(profile->partial_hours, 1u);
  EXPECT_EQ(profile->silent_hours, 1u);
  EXPECT_DOUBLE_EQ(profile->days[0].known_hours, 22);
}

TEST(PueProfile, ADayWithTooFewHoursHasAMeanAndNoVariation) {
  PueReadings readings = afternoon_peaks("2020-01-01T00:00Z", 2);
  readings.pue->pieces.resize(24 + 17);

  const auto profile = profile_of(readings, utc, {});

  ASSERT_TRUE(profile) << profile.error().message;
  EXPECT_TRUE(profile->days[1].mean);
  EXPECT_FALSE(profile->days[1].variation_pct);
  EXPECT_EQ(profile->all.days, 2u);
  EXPECT_EQ(profile->all.days_of_variation, 1u);
  EXPECT_EQ(profile->all.variation_pct, profile->days[0].variation_pct);
}

TEST(PueProfile, HoursInWhichTheItUsesNothingHaveNoPue) {
  auto it = made_series(SeriesMeasure::kPower, "it_kw", "2020-01-01T00:00Z", hours(1), 24,
                        [](std::size_t i) { return i == 3 ? 0 : 100e3; });
  auto facility = made_series(SeriesMeasure::kPower, "facility_kw", "2020-01-01T00:00Z", hours(1),
                              24, [](std::size_t) { return 20e3; });
  const auto profile = profile_of(made_meters(it, facility), utc, {});

  ASSERT_TRUE(profile) << profile.error().message;
  EXPECT_EQ(profile->idle_hours, 1u);
  EXPECT_FALSE(profile->hours[3].mean);

  for (SeriesPiece& piece : it.pieces) piece.value = 0;
  EXPECT_NE(refusal(made_meters(it, facility)).find("IT that draws"), std::string::npos);
}

TEST(PueProfile, AHallThatIsAllButOffHasNoPueAndARatioOfItIsRefused) {
  const auto it = made_series(SeriesMeasure::kPower, "it_kw", "2020-01-01T00:00Z", hours(1), 24,
                              [](std::size_t i) { return i == 3 ? 1e-12 : 100e3; });
  const auto facility = made_series(SeriesMeasure::kPower, "facility_kw", "2020-01-01T00:00Z",
                                    hours(1), 24, [](std::size_t) { return 20e3; });
  const auto profile = profile_of(made_meters(it, facility), utc, {});
  ASSERT_TRUE(profile) << profile.error().message;
  EXPECT_EQ(profile->idle_hours, 1u);
  EXPECT_NEAR(*profile->all.mean, 1.2, 1e-12);

  PueReadings percent = afternoon_peaks("2020-01-01T00:00Z", 1);
  for (SeriesPiece& piece : percent.pue->pieces) piece.value *= 100;
  EXPECT_NE(refusal(percent).find("a PUE of 140"), std::string::npos);
}

TEST(PueProfile, RefusesAPueBelowOneThatMetersCannotShow) {
  PueReadings readings = afternoon_peaks("2020-01-01T00:00Z", 1);
  readings.pue->pieces[7].value = 0.99;
  EXPECT_TRUE(profile_of(readings, utc, {}));
  EXPECT_EQ(profile_of(readings, utc, {})->below_one, 1u);

  const std::string told = refusal(readings, 0.001);
  EXPECT_NE(told.find("hall.csv, column pue, at 2020-01-01T07:00:00.000Z"), std::string::npos)
      << told;
  EXPECT_NE(told.find("0.99"), std::string::npos) << told;
}

TEST(PueProfile, RefusesATotalBelowItsItAndSaysWhatMayBeWrong) {
  const auto it = made_series(SeriesMeasure::kPower, "it_kw", "2020-01-01T00:00Z", hours(1), 24,
                              [](std::size_t) { return 100e3; });
  const auto total = made_series(SeriesMeasure::kPower, "total_kw", "2020-01-01T00:00Z", hours(1),
                                 24, [](std::size_t) { return 20e3; });
  const std::string told = refusal(made_meters(it, total, true));
  EXPECT_NE(told.find("column total_kw"), std::string::npos) << told;
  EXPECT_NE(told.find("23 more"), std::string::npos) << told;
  EXPECT_NE(told.find("facility_"), std::string::npos) << told;
}

TEST(PueProfile, RefusesNegativeReadings) {
  auto it = made_series(SeriesMeasure::kPower, "it_kw", "2020-01-01T00:00Z", hours(1), 24,
                        [](std::size_t i) { return i == 4 ? -1. : 100e3; });
  const auto facility = made_series(SeriesMeasure::kPower, "facility_kw", "2020-01-01T00:00Z",
                                    hours(1), 24, [](std::size_t) { return 20e3; });
  EXPECT_NE(refusal(made_meters(it, facility)).find("column it_kw, at 2020-01-01T04:00"),
            std::string::npos);
  EXPECT_NE(refusal(made_meters(facility, it)).find("-1 W"), std::string::npos);
}

TEST(PueProfile, RefusesReadingsThatNeverMeet) {
  const auto it = made_series(SeriesMeasure::kPower, "it_kw", "2020-01-01T00:00Z", hours(1), 24,
                              [](std::size_t) { return 100e3; });
  const auto facility = made_series(SeriesMeasure::kPower, "facility_kw", "2021-01-01T00:00Z",
                                    hours(1), 24, [](std::size_t) { return 20e3; });
  EXPECT_NE(refusal(made_meters(it, facility)).find("at no time"), std::string::npos);
  EXPECT_NE(refusal({}).find("neither"), std::string::npos);

  PueReadings ages = afternoon_peaks("0001-01-01T00:00Z", 1);
  ages.pue->pieces.push_back({at("9999-01-01T00:00Z"), at("9999-01-01T01:00Z"), 1.2});
  EXPECT_NE(refusal(ages).find("9998 years apart"), std::string::npos);
}

TEST(PueProfile, GainOfTheMetersIsCommonToAllReadings) {
  const auto it = made_series(SeriesMeasure::kPower, "it_kw", "2020-01-01T00:00Z", hours(1), 24,
                              [](std::size_t) { return 100e3; });
  const auto facility =
      made_series(SeriesMeasure::kPower, "facility_kw", "2020-01-01T00:00Z", hours(1), 24,
                  [](std::size_t i) { return i == 14 ? 60e3 : 40e3; });
  auto total = facility;
  for (SeriesPiece& piece : total.pieces) piece.value += 100e3;
  const double gain = 0.02 * std::sqrt(2. / 3);

  const auto overhead = profile_of(made_meters(it, facility), utc, 0.02);
  const auto whole = profile_of(made_meters(it, total, true), utc, 0.02);

  ASSERT_TRUE(overhead && whole);
  EXPECT_NEAR(overhead->all.u, (*overhead->all.mean - 1) * gain, 1e-12);
  EXPECT_NEAR(whole->all.u, *whole->all.mean * gain, 1e-12);
  EXPECT_FALSE(whole->all.variation_u_pct);
  // By a difference quotient: the overhead read a little higher.
  const double h = 1e-6;
  const double moved = 100 * ((1 + 0.6 * (1 + h)) / (1 + 0.4 * (1 + h)) - 1);
  const double slope = (moved - *overhead->all.variation_pct) / h;
  EXPECT_NEAR(*overhead->all.variation_u_pct, slope * gain, 1e-4);
}

TEST(PueProfile, PointsAtAnHourThatStandsFarOutAndSaysWhatItDoes) {
  PueReadings readings = afternoon_peaks("2020-01-01T00:00Z", 10);
  readings.pue->pieces[100].value = 80;

  const auto profile = profile_of(readings, utc, {});

  ASSERT_TRUE(profile) << profile.error().message;
  EXPECT_EQ(profile->far_out.hours, std::vector<std::size_t>{100});
  EXPECT_GT(*profile->all.mean, 1.7);
  EXPECT_NEAR(*profile->far_out.without.mean, (229 * 1.4 + 10 * 1.5) / 239, 1e-12);
  EXPECT_NEAR(*profile->far_out.without.variation_pct, 100 * (1.5 / 1.4 - 1), 1e-9);
}

TEST(PueProfile, PointsAtALoadThatStandsFarOut) {
  const auto it = [](std::size_t i) { return i == 50 ? 1e12 : 100e3; };
  const auto profile = profile_of(
      made_meters(
          made_series(SeriesMeasure::kPower, "it_kw", "2020-01-01T00:00Z", hours(1), 240, it),
          made_series(SeriesMeasure::kPower, "facility_kw", "2020-01-01T00:00Z", hours(1), 240,
                      [](std::size_t) { return 30e3; })),
      utc, {});

  ASSERT_TRUE(profile) << profile.error().message;
  EXPECT_EQ(profile->far_out.hours, std::vector<std::size_t>{50});
  EXPECT_NEAR(*profile->all.energy_weighted_mean, 1, 1e-4);
  EXPECT_NEAR(*profile->far_out.without.energy_weighted_mean, 1.3, 1e-12);
}

TEST(PueProfile, WhatIsOftenSoDoesNotStandOut) {
  // Nights at 5, days at 1.2; and a hall that hardly varies.
  const auto nights =
      profile_of(made_ratios(made_series(SeriesMeasure::kPue, "pue", "2020-01-01T00:00Z", hours(1),
                                         240, [](std::size_t i) { return i % 24 < 2 ? 5 : 1.2; })),
                 utc, {});
  const auto level =
      profile_of(made_ratios(made_series(SeriesMeasure::kPue, "pue", "2020-01-01T00:00Z", hours(1),
                                         240, [](std::size_t i) { return i == 7 ? 1.3 : 1.2; })),
                 utc, {});

  EXPECT_TRUE(nights.value().far_out.hours.empty());
  EXPECT_TRUE(level.value().far_out.hours.empty());
}

/// Hourly IT of 100 kW, and a site of 130.
PueReadings steady(const std::function<double(std::size_t)>& it,
                   const std::function<double(std::size_t)>& total) {
  return made_meters(
      made_series(SeriesMeasure::kPower, "it_kw", "2020-01-01T00:00Z", hours(1), 48, it),
      made_series(SeriesMeasure::kPower, "total_kw", "2020-01-01T00:00Z", hours(1), 48, total),
      true);
}

TEST(PueProfile, TellsAnAbsurdTotalFromAnIdleHall) {
  const auto profile = profile_of(steady([](std::size_t i) { return i == 9 ? 1e3 : 100e3; },
                                         [](std::size_t i) { return i == 5 ? 1e17 : 130e3; }),
                                  utc, {});

  ASSERT_TRUE(profile) << profile.error().message;
  EXPECT_EQ(profile->absurd_hours, std::vector<std::size_t>{5});
  EXPECT_EQ(profile->idle_hours, 1u);
  EXPECT_NEAR(*profile->all.mean, 1.3, 1e-12);
}

TEST(PueProfile, OfAnHourlyTotalLetsQuartersOfItSwing) {
  // IT of 40 and 160 kW by turns, in an hour's mean of 100 kW; a total of 130.
  auto it = made_series(SeriesMeasure::kPower, "it_kw", "2020-01-01T00:00Z", minutes(15), 96,
                        [](std::size_t i) { return i % 2 == 0 ? 40e3 : 160e3; });
  const auto total = made_series(SeriesMeasure::kEnergy, "total_kwh", "2020-01-01T00:00Z", hours(1),
                                 24, [](std::size_t) { return 130e3 * 3600; });

  const auto profile = profile_of(made_meters(it, total, true), utc, {});

  ASSERT_TRUE(profile) << profile.error().message;
  for (const PueHour& hour : profile->hours) EXPECT_NEAR(*hour.mean, 1.3, 1e-12);
  EXPECT_EQ(profile->below_one, 0u);
}

TEST(PueProfile, OfATotalEveryFourHoursIsLevelMeanwhileAndSaysSo) {
  auto it = made_series(SeriesMeasure::kPower, "it_kw", "2020-01-01T00:00Z", hours(1), 24,
                        [](std::size_t i) { return i % 4 < 2 ? 50e3 : 150e3; });
  const auto total = made_series(SeriesMeasure::kEnergy, "total_kwh", "2020-01-01T00:00Z", hours(4),
                                 6, [](std::size_t) { return 130e3 * 4 * 3600; });

  const auto profile = profile_of(made_meters(it, total, true), utc, {});

  ASSERT_TRUE(profile) << profile.error().message;
  for (const PueHour& hour : profile->hours) EXPECT_NEAR(*hour.mean, 1.3, 1e-12);
  ASSERT_EQ(profile->notes.size(), 1u);
  EXPECT_NE(profile->notes[0].find("total_kwh: 6 of 6 readings are longer than an hour"),
            std::string::npos);
}

TEST(PueProfile, NotesAFacilityMeterThatShows0AndAPueThatWasSet) {
  PueReadings zero =
      steady([](std::size_t) { return 100e3; }, [](std::size_t i) { return i == 7 ? 0 : 30e3; });
  zero.facility_has_it = false;
  const auto set = made_ratios(made_series(SeriesMeasure::kPue, "pue", "2020-01-01T00:00Z",
                                           hours(1), 48, [](std::size_t) { return 1.2; }));

  EXPECT_NE(profile_of(zero, utc, {}).value().notes.at(0).find("shows 0 in 1 reading while"),
            std::string::npos);
  EXPECT_NE(profile_of(set, utc, {}).value().notes.at(0).find("all 48 values are 1.2"),
            std::string::npos);
}

TEST(PueProfile, GivesEachHourItsUncertaintyAndNotesTheirColumns) {
  PueReadings readings =
      steady([](std::size_t) { return 100e3; }, [](std::size_t) { return 130e3; });
  readings.it->notes = {"3 gaps", "turned round"};
  readings.facility->notes = {"turned round"};

  const auto profile = profile_of(readings, utc, 0.01);

  ASSERT_TRUE(profile) << profile.error().message;
  EXPECT_NEAR(profile->hours[3].u, 1.3 * 0.01 * std::sqrt(2. / 3), 1e-12);
  EXPECT_EQ(profile->notes,
            (std::vector<std::string>{"it_kw: 3 gaps", "it_kw, total_kw: turned round"}));
}

}  // namespace
}  // namespace joulery
