// series: meters that are exchanged, roll over, are polled as 0, or are no meters.
#include "series/meter.h"

#include <gmock/gmock.h>

#include <cmath>

#include "series/made_tables.h"

namespace joulery::series {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr double kJoules = 3.6e6;

/// What the meter counts in hour i, in kWh: a daily curve between 6 and 14.
double used(std::size_t i) { return std::floor(10 + 4.5 * std::sin(static_cast<double>(i) / 4)); }

/// Its state at the begin of hour i.
double state(std::size_t i, double first = 50'000) {
  for (std::size_t k = 0; k < i; ++k) first += used(k);
  return first;
}

using Fault = std::function<double(std::size_t hour, double state)>;

/// Four days of hourly states, as `fault` changes them.
Series metered(const Fault& fault, double first = 50'000) {
  return good_made(
      made_table("it_meter_kwh", minutes(60), 96,
                 [&](std::size_t i) { return fmt::format("{:.3f}", fault(i, state(i, first))); }),
      kEnergies);
}

/// Every piece holds what was used in its hours, and these are all but `unknown`.
void expect_right(const Series& series, std::size_t unknown) {
  Micros known{0};
  for (const SeriesPiece& piece : series.pieces) {
    const auto hour = [](WallTime time) {
      return static_cast<std::size_t>((time - at("2024-01-01T00:00:00Z")) / hours(1));
    };
    double truth = 0;
    for (std::size_t i = hour(piece.begin); i < hour(piece.end); ++i) truth += used(i);
    EXPECT_NEAR(piece.value / kJoules, truth, 1e-6) << format_time(piece.begin);
    known += piece.end - piece.begin;
  }
  EXPECT_EQ(known, hours(95 - unknown));
  EXPECT_EQ(series.lines.size(), series.pieces.size());
}

TEST(Meter, GivesTheEnergiesBetweenItsStates) {
  const Series series = metered([](std::size_t, double state) { return state; });

  expect_right(series, 0);
  EXPECT_EQ(series.pieces.size(), 95U);
  EXPECT_THAT(series.notes, ElementsAre(HasSubstr("differences of its states")));
}

TEST(Meter, PolledAs0OnceLosesThatReadingAlone) {
  const Series series = metered([](std::size_t i, double state) { return i == 40 ? 0 : state; });

  expect_right(series, 0);
  EXPECT_EQ(series.pieces.size(), 94U);
  EXPECT_THAT(series.notes, Contains(HasSubstr("came back once, at 2024-01-02T16:00:00.000Z, "
                                               "line 42: it is dropped")));
}

TEST(Meter, ReadTooHighOnceLosesThatReadingAlone) {
  for (const double factor : {1.001, 1.2, 1000.0}) {
    const Series series =
        metered([&](std::size_t i, double state) { return i == 40 ? state * factor : state; });

    expect_right(series, 0);
    EXPECT_THAT(series.notes, Contains(HasSubstr("left the others"))) << factor;
  }
}

TEST(Meter, ReadSlightlyLowOnceLosesThatReadingAlone) {
  const Series series =
      metered([](std::size_t i, double state) { return i == 40 ? state - 60 : state; });

  expect_right(series, 0);
  EXPECT_EQ(series.pieces.size(), 94U);
}

TEST(Meter, AwayForHoursIsNotKnownMeanwhile) {
  for (const double away : {0.0, 1e9}) {
    const Series series =
        metered([&](std::size_t i, double state) { return i >= 40 && i < 45 ? away : state; });

    expect_right(series, 6);
    EXPECT_THAT(series.notes, Contains(HasSubstr("several readings in a row left"))) << away;
  }
}

TEST(Meter, ExchangedLosesTheIntervalAlone) {
  // For a new one, for one with less on it, for one with more.
  for (const double change : {-state(40), -45'000.0, 7e6}) {
    const Series series =
        metered([&](std::size_t i, double state) { return i >= 40 ? state + change : state; });

    expect_right(series, 1);
    EXPECT_THAT(series.notes, Contains(HasSubstr("a new meter"))) << change;
    EXPECT_THAT(series.notes, Contains(HasSubstr("once, at 2024-01-02T16:00"))) << change;
  }
}

TEST(Meter, ThatIsNewAndSoonPassesTheOldOneIsNoFalseReading) {
  // The old one had counted 30 kWh.
  const Series series =
      metered([](std::size_t i, double state) { return i >= 5 ? state - 60 : state; }, 10);

  expect_right(series, 1);
}

TEST(Meter, ThatRollsOverIsCountedOn) {
  const double first = 1e5 - (state(40) - 50'000) + 3;  // full 3 kWh before hour 40
  const Series series =
      metered([](std::size_t, double state) { return std::fmod(state, 1e5); }, first);

  expect_right(series, 0);
  EXPECT_THAT(series.notes, Contains(HasSubstr("full at 100000 of its unit once")));
}

TEST(Meter, Of32BitsOfWattHoursIsCountedOn) {
  const double full = 4294967.296;  // kWh
  const Series series = metered([&](std::size_t, double state) { return std::fmod(state, full); },
                                full - (state(40) - 50'000) + 3);

  EXPECT_EQ(series.pieces.size(), 95U);
  EXPECT_NEAR(series.pieces[39].value / kJoules, used(39), 0.002);
  EXPECT_THAT(series.notes, Contains(HasSubstr("full at 4294967.296")));
}

TEST(Meter, ThatBeginsAnewEveryDayLosesTheHourBeforeMidnight) {
  const Series series =
      metered([](std::size_t i, double state) { return state - series::state(i - i % 24); });

  expect_right(series, 3);
  EXPECT_THAT(series.notes, Contains(HasSubstr("3 times, first at 2024-01-02T00:00")));
}

TEST(Meter, WithAFalseFirstOrLastReadingLosesOneInterval) {
  for (const std::size_t wrong : {0U, 95U})
    expect_right(metered([&](std::size_t i, double state) { return i == wrong ? 0 : state; }), 1);
}

TEST(Meter, ThatStandsStillAndThenCountsAWholeUnitIsPlausible) {
  const Series series =
      good_made(made_table("it_meter_mwh", minutes(15), 200,
                           [](std::size_t i) { return fmt::format("{}", 500 + i / 12); }),
                kEnergies);

  EXPECT_EQ(series.pieces.size(), 199U);
  EXPECT_EQ(series.notes.size(), 1U);
}

TEST(Meter, RoseByNothingThatOneStepCouldHoldWhereReadingsAreMissing) {
  std::string text = "time,it_meter_kwh\n";
  for (const int hour : {0, 1, 2, 3, 9, 10, 11})
    text += fmt::format("2022-01-01 {:02}:00,{}\n", hour, 10 * hour);
  const Series series = good_made(text, kEnergies);

  ASSERT_EQ(series.pieces.size(), 5U);
  for (const SeriesPiece& piece : series.pieces) EXPECT_DOUBLE_EQ(piece.value, 10 * kJoules);
  EXPECT_THAT(series.notes, Contains(HasSubstr("1 gaps")));
}

TEST(Meter, IsReadWhateverItsHeadingSaysWhereItIsAskedFor) {
  const std::string text = made_table("it_kwh", minutes(60), 96,
                                      [](std::size_t i) { return fmt::format("{}", state(i)); });
  const Series asked = good_made(text, {.measure = SeriesMeasure::kEnergy, .counts_on = true});

  expect_right(asked, 0);
  EXPECT_EQ(good_made(text, kEnergies).pieces.size(), 96U);
}

TEST(Meter, OfEmptyCellsBetweenItsStatesHasItsStep) {
  const Series series = good_made(
      made_table("it_meter_kwh", minutes(15), 4 * 96,
                 [](std::size_t i) { return i % 4 == 0 ? fmt::format("{}", state(i / 4)) : ""; }),
      kEnergies);

  expect_right(series, 0);
}

TEST(Meter, WhoseValuesFallAsEnergiesOfIntervalsDoIsNone) {
  const auto series =
      read_made(made_table("it_meter_kwh", minutes(60), 96,
                           [](std::size_t i) { return fmt::format("{}", used(i)); }),
                kEnergies);

  ASSERT_FALSE(series);
  EXPECT_THAT(series.error().message, HasSubstr("hall.csv, column it_meter_kwh: falls in"));
}

TEST(Meter, OfOneStateTellsNothing) {
  const auto series = read_made("time,it_meter_kwh\n2024-01-01 00:00,5\n", kEnergies);

  ASSERT_FALSE(series);
  EXPECT_THAT(series.error().message, HasSubstr("no two states"));
}

}  // namespace
}  // namespace joulery::series
