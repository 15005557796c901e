// series: steps, gaps, duplicates and clocks that are set.
#include "series/order.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/text.h"
#include "series/made_tables.h"

namespace joulery::series {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::AllOf;
using testing::HasSubstr;

Series good(const std::string& text, const SeriesRequest& request = {}) {
  const auto series = read_text(text, "", request);
  if (!series) ADD_FAILURE() << series.error().message;
  return series ? *series : Series();
}

TEST(Pieces, HoldUpToTheNextStampAndTheLastForAStep) {
  const Series series = good(
      "time,g/kWh\n2022-01-01T00:00:00Z,100\n2022-01-01T01:00:00Z,200\n2022-01-01T02:00:00Z,300\n");

  ASSERT_EQ(series.pieces.size(), 3U);
  EXPECT_EQ(series.pieces[0].end, series.pieces[1].begin);
  EXPECT_EQ(series.pieces[2].end, at("2022-01-01T03:00:00Z"));
  EXPECT_NEAR(series.pieces[1].value * kJoulesPerKilowattHour, 200, 1e-9);
}

TEST(Pieces, AGapIsNotFilled) {
  std::string text = "time,g/kWh\n";
  for (const int hour : {0, 1, 2, 3, 6, 7, 8})
    text += fmt::format("2022-01-01T{:02}:00:00Z,{}\n", hour, hour);
  const Series series = good(text);

  ASSERT_EQ(series.pieces.size(), 7U);
  EXPECT_EQ(series.pieces[3].end, at("2022-01-01T04:00:00Z"));
  EXPECT_THAT(series.notes, testing::Contains(HasSubstr("1 gaps")));
}

TEST(Pieces, AnEmptyCellIsAGap) {
  const Series series =
      good("time,g/kWh\n2022-01-01 00:00,1\n2022-01-01 01:00,\n2022-01-01 02:00,3\n");

  ASSERT_EQ(series.pieces.size(), 2U);
  EXPECT_EQ(series.pieces[0].end, at("2022-01-01T01:00:00Z"));
}

TEST(Pieces, AChangeOfStepIsNoGap) {
  std::string text = "time,g/kWh\n";
  for (int i = 0; i < 12; ++i) text += fmt::format("2022-01-01T00:{:02}:00Z,1\n", 5 * i);
  for (int i = 1; i < 12; ++i) text += fmt::format("2022-01-01T{:02}:00:00Z,2\n", i);
  const Series series = good(text);

  ASSERT_EQ(series.pieces.size(), 23U);
  for (std::size_t i = 1; i < series.pieces.size(); ++i)
    EXPECT_EQ(series.pieces[i - 1].end, series.pieces[i].begin) << i;
  EXPECT_EQ(series.pieces.back().end - series.pieces.back().begin, hours(1));
}

TEST(Order, NewestFirstIsTurnedRound) {
  const Series series =
      good("time,g/kWh\n2022-01-01 02:00,3\n2022-01-01 01:00,2\n2022-01-01 00:00,1\n");

  EXPECT_EQ(series.pieces[0].begin, at("2022-01-01T00:00:00Z"));
  EXPECT_THAT(series.notes, testing::Contains(HasSubstr("newest")));
}

TEST(Order, ARowThatRepeatsIsDroppedAndOneThatContradictsRefused) {
  const std::string head = "time,g/kWh\n2022-01-01 00:00,1\n2022-01-01 01:00,2\n";

  EXPECT_EQ(good(head + "2022-01-01 01:00,2\n").pieces.size(), 2U);
  EXPECT_THAT(read_text(head + "2022-01-01 01:00,5\n").error().message,
              AllOf(HasSubstr("s.csv:4"), HasSubstr("line 3")));
}

TEST(Order, OutOfOrderIsRefused) {
  const auto series = read_text(
      "time,g/kWh\n2022-01-01 00:00,1\n2022-01-01 02:00,2\n"
      "2022-01-01 01:00,2\n2022-01-01 03:00,2\n");

  ASSERT_FALSE(series);
  EXPECT_EQ(series.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(series.error().message, AllOf(HasSubstr("s.csv:4"), HasSubstr("line 3")));
}

std::string denver_autumn() {
  std::string text = "time,g/kWh\n";
  for (const char* clock : {"00:00", "00:30", "01:00", "01:30", "01:00", "01:30", "02:00", "02:30"})
    text += fmt::format("2020-11-01 {},{}\n", clock, clock[1] - '0');
  return text;
}

TEST(Clocks, TheHourThatComesTwiceIsTakenInOrder) {
  const Series series = good(denver_autumn(), {.time_zone = "America/Denver"});

  ASSERT_EQ(series.pieces.size(), 8U);
  for (std::size_t i = 0; i < 8; ++i)
    EXPECT_EQ(series.pieces[i].begin - series.pieces[0].begin, minutes(30 * i)) << i;
}

TEST(Clocks, TheSameNewestFirst) {
  std::string turned = "time,g/kWh\n";
  for (const char* clock : {"02:30", "02:00", "01:30", "01:00", "01:30", "01:00", "00:30", "00:00"})
    turned += fmt::format("2020-11-01 {},{}\n", clock, clock[1] - '0');

  const Series series = good(turned, {.time_zone = "America/Denver"});

  ASSERT_EQ(series.pieces.size(), 8U);
  EXPECT_EQ(series.pieces[0].begin,
            good(denver_autumn(), {.time_zone = "America/Denver"}).pieces[0].begin);
  EXPECT_EQ(series.pieces[7].begin - series.pieces[0].begin, minutes(210));
}

/// "2022-01-01 13:05" of the clock there.
std::string clock_of(WallTime time, const TimeZone& zone) {
  std::string text = format_time(time + zone.offset_at(time)).substr(0, 16);
  text[10] = ' ';
  return text;
}

/// A row for each step on the clock of a zone; values tell the row.
std::string rows_on_clock(WallTime begin, Micros step, int count, const TimeZone& zone,
                          bool newest_first = false) {
  std::string text = "time,g/kWh\n";
  for (int i = 0; i < count; ++i) {
    const int row = newest_first ? count - 1 - i : i;
    text += fmt::format("{},{}\n", clock_of(begin + row * step, zone), 10'000 + row);
  }
  return text;
}

void expect_begins(const Series& series, WallTime begin, Micros step, int count) {
  ASSERT_EQ(series.pieces.size(), static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    const SeriesPiece& piece = series.pieces[static_cast<std::size_t>(i)];
    ASSERT_EQ(piece.begin, begin + i * step) << i;
    ASSERT_EQ(piece.end, begin + (i + 1) * step) << i;
    ASSERT_NEAR(piece.value * kJoulesPerKilowattHour, 10'000 + i, 1e-6) << i;
  }
}

struct ClockYear {
  const char* zone;
  const char* begin;
  int step_minutes;
};

class SetClocks : public testing::TestWithParam<ClockYear> {};

TEST_P(SetClocks, AreReadBackToTheSameMoments) {
  const auto zone = TimeZone::named(GetParam().zone, "--time-zone");
  ASSERT_TRUE(zone) << zone.error().message;
  const WallTime begin = *parse_time(GetParam().begin);
  const minutes step(GetParam().step_minutes);
  const auto count = static_cast<int>(hours(365 * 24) / step);

  for (const bool newest_first : {false, true}) {
    const auto series = read_text(rows_on_clock(begin, step, count, *zone, newest_first), "",
                                  {.time_zone = GetParam().zone});

    ASSERT_TRUE(series) << series.error().message;
    expect_begins(*series, begin, step, count);
  }
}

// Lord Howe is set by half an hour; Samoa left out the 30th of December of 2011; Morocco is set
// back for Ramadan; Nepal has a quarter.
INSTANTIATE_TEST_SUITE_P(Years, SetClocks,
                         testing::Values(ClockYear{"Europe/Berlin", "2021-12-31T23:00:00Z", 60},
                                         ClockYear{"America/Denver", "2020-01-01T07:00:00Z", 30},
                                         ClockYear{"Australia/Lord_Howe", "2022-01-01T00:00:00Z",
                                                   30},
                                         ClockYear{"Pacific/Apia", "2011-06-01T00:00:00Z", 60},
                                         ClockYear{"Africa/Casablanca", "2022-01-01T00:00:00Z", 15},
                                         ClockYear{"Asia/Kathmandu", "2024-01-01T00:15:00Z", 60}));

TEST(Clocks, AnHourThatNeverWasIsRefused) {
  const auto series = read_text("time,g/kWh\n2020-03-08 01:30,1\n2020-03-08 02:30,2\n", "",
                                {.time_zone = "America/Denver"});

  ASSERT_FALSE(series);
  EXPECT_THAT(series.error().message, AllOf(HasSubstr("s.csv:3"), HasSubstr("America/Denver")));
}

}  // namespace
}  // namespace joulery::series
