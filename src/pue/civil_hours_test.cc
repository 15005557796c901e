// pue: hours of clocks that are set, and of zones of half hours.
#include "pue/civil_hours.h"

#include <gtest/gtest.h>

#include "pue/made_readings.h"

namespace joulery {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

std::vector<CivilHour> day_of(std::string_view inside, const ClockOffset& clock) {
  return civil_hours(at(inside), at(inside) + minutes(1), clock);
}

TEST(CivilHours, AreTheDaysInWhichSomethingLies) {
  const auto two_days =
      civil_hours(at("2020-01-01T12:00Z"), at("2020-01-02T00:00:00.000001Z"), utc);

  ASSERT_EQ(two_days.size(), 48u);
  EXPECT_EQ(two_days.front().begin, at("2020-01-01T00:00Z"));
  EXPECT_EQ(two_days.back().end, at("2020-01-03T00:00Z"));
  EXPECT_EQ(civil_hours(at("2020-01-01T12:00Z"), at("2020-01-02T00:00Z"), utc).size(), 24u);
}

TEST(CivilHours, ADayHas23HoursWhereTheClockIsSetForward) {
  const auto day = day_of("2020-03-08T12:00Z", denver_2020);

  ASSERT_EQ(day.size(), 23u);
  EXPECT_EQ(day.front().begin, at("2020-03-08T07:00Z"));
  EXPECT_EQ(day.back().end, at("2020-03-09T06:00Z"));
  EXPECT_EQ(day[1].offset, hours(-7));
  EXPECT_EQ(day[2].offset, hours(-6));
}

TEST(CivilHours, ADayHas25HoursWhereTheClockIsSetBack) {
  const auto day = day_of("2020-11-01T12:00Z", denver_2020);

  ASSERT_EQ(day.size(), 25u);
  EXPECT_EQ(day[1].begin + day[1].offset, day[2].begin + day[2].offset);  // 1 a.m. comes twice
  EXPECT_EQ(day[2].begin - day[1].begin, hours(1));
}

TEST(CivilHours, BeginAtHalfHoursInZonesOfHalfHours) {
  const auto day = day_of("2020-06-01T12:00Z", [](WallTime) { return seconds(minutes(330)); });

  ASSERT_EQ(day.size(), 24u);
  EXPECT_EQ(day.front().begin, at("2020-05-31T18:30Z"));
  for (const CivilHour& hour : day) EXPECT_EQ(hour.end - hour.begin, hours(1));
}

TEST(CivilHours, AreShorterWhereTheClockIsSetByHalfAnHour) {
  // Lord Howe Island: 2 a.m. at +11:00 became 1:30 a.m. at +10:30 on 5 April 2020.
  const WallTime change = at("2020-04-04T15:00Z");
  const auto day = day_of("2020-04-05T00:00Z", [change](WallTime time) {
    return time < change ? seconds(hours(11)) : seconds(minutes(630));
  });

  ASSERT_EQ(day.size(), 25u);
  EXPECT_EQ(day[1].end, change);
  EXPECT_EQ(day[2].end - day[2].begin, minutes(30));
  EXPECT_EQ(day.back().end - day.front().begin, minutes(24 * 60 + 30));
}

TEST(CivilHours, AreCutWhereTheClockIsSetWithinOne) {
  const WallTime change = at("1900-01-01T00:20:08Z");
  const auto day = day_of("1900-01-01T12:00Z", [change](WallTime time) {
    return time < change ? seconds(-1172) : seconds(0);
  });

  EXPECT_EQ(day.front().begin, at("1900-01-01T00:19:32Z"));
  EXPECT_EQ(day[0].end, change);
  EXPECT_EQ(day[1].end, at("1900-01-01T01:00Z"));
  EXPECT_EQ(day.size(), 25u);
}

}  // namespace
}  // namespace joulery
