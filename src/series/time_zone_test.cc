// series: zones by name, against moments that the IANA database is known for.
#include <gmock/gmock.h>

#include "base/text.h"
#include "joulery/series.h"

namespace joulery {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;

TimeZone zone_of(std::string_view name) {
  const auto zone = TimeZone::named(name, "--time-zone");
  if (!zone) ADD_FAILURE() << zone.error().message;
  return zone ? *zone : TimeZone();
}

std::chrono::local_time<Micros> clock_at(std::string_view text) {
  return std::chrono::local_time<Micros>(parse_time(text)->time_since_epoch());
}

TEST(Zones, KnowSummerAndWinter) {
  const TimeZone berlin = zone_of("Europe/Berlin");

  EXPECT_EQ(berlin.offset_at(*parse_time("2022-01-15T12:00:00Z")), hours(1));
  EXPECT_EQ(berlin.offset_at(*parse_time("2022-03-27T00:59:59Z")), hours(1));
  EXPECT_EQ(berlin.offset_at(*parse_time("2022-03-27T01:00:00Z")), hours(2));
  EXPECT_EQ(zone_of("Asia/Kathmandu").offset_at(*parse_time("2022-01-15T12:00:00Z")), minutes(345));
}

TEST(Zones, AnHourThatComesTwiceIsTwoMoments) {
  const TimeZone denver = zone_of("America/Denver");
  const auto clock = clock_at("2020-11-01T01:30:00.250Z");

  EXPECT_EQ(format_time(*denver.from_local(clock)), "2020-11-01T07:30:00.250Z");
  EXPECT_EQ(format_time(*denver.from_local(clock, true)), "2020-11-01T08:30:00.250Z");
}

TEST(Zones, AnHourThatIsLeftOutIsNone) {
  EXPECT_FALSE(zone_of("America/Denver").from_local(clock_at("2020-03-08T02:30:00Z")));
}

TEST(Zones, OfAFixedOffsetNeverChange) {
  const TimeZone zone = zone_of("-03:30");

  EXPECT_EQ(zone.offset_at(*parse_time("2022-07-01T00:00:00Z")), minutes(-210));
  EXPECT_EQ(format_time(*zone.from_local(clock_at("2022-07-01T00:00:00Z"))),
            "2022-07-01T03:30:00.000Z");
}

TEST(Zones, UnknownOnesAreRefusedWithTheNearest) {
  for (const char* name :
       {"Europe/Berlln", "../../etc/passwd", "/etc/localtime", "file:x", "+25"}) {
    const auto zone = TimeZone::named(name, "--time-zone");
    ASSERT_FALSE(zone) << name;
    EXPECT_EQ(zone.error().code, ErrorCode::kUsage);
    EXPECT_THAT(zone.error().message, HasSubstr("--time-zone"));
  }
  EXPECT_THAT(TimeZone::named("Europe/Berlln", "--time-zone").error().message,
              HasSubstr("did you mean Europe/Berlin"));
}

}  // namespace
}  // namespace joulery
