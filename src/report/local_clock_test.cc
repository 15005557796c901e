// report: times as a civil clock shows them.
#include "report/local_clock.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace joulery {
namespace {

std::string shown(const std::string& zone, const std::string& time) {
  const WallTime moment = *parse_time(time);
  return LocalClock(*TimeZone::named(zone, "--time-zone"), {moment}).text(moment);
}

TEST(LocalClock, ShowsNoOffsetFarFromAChange) {
  EXPECT_EQ(shown("Europe/Berlin", "2026-07-01T06:00:00Z"), "2026-07-01 08:00");
  EXPECT_EQ(shown("UTC", "2026-07-01T06:00:07Z"), "2026-07-01 06:00:07");
}

TEST(LocalClock, TellsTheSameTimeApartWhereItComesTwice) {
  EXPECT_EQ(shown("Europe/Berlin", "2026-10-25T00:00:00Z"), "2026-10-25 02:00+02");
  EXPECT_EQ(shown("Europe/Berlin", "2026-10-25T01:00:00Z"), "2026-10-25 02:00+01");
  EXPECT_EQ(shown("America/St_Johns", "2026-11-01T04:00:00Z"), "2026-11-01 01:30-02:30");
  EXPECT_EQ(shown("Australia/Lord_Howe", "2026-04-04T15:00:00Z"), "2026-04-05 01:30+10:30");
}

TEST(LocalClock, ShowsOffsetsOfAllTimesWhereOneNeedsIt) {
  const LocalClock clock(
      *TimeZone::named("Europe/Berlin", "--time-zone"),
      {*parse_time("2026-10-01T00:00:00Z"), *parse_time("2026-10-25T00:00:00Z")});
  EXPECT_EQ(clock.text(*parse_time("2026-10-01T00:00:00Z")), "2026-10-01 02:00+02");
}

}  // namespace
}  // namespace joulery
