// project: times, durations and energies as logs write them.
#include "project/stamps.h"

#include <gtest/gtest.h>

namespace joulery::project {
namespace {

TEST(Stamps, AreReadInEveryFormThatLogsHave) {
  StampReader reader;
  constexpr std::int64_t kMoment = 1'519'862'400'000'000;  // date -u -d 2018-03-01 +%s
  for (const char* text : {"2018-03-01T00:00:00", "2018-03-01 00:00:00", "2018-03-01T00:00:00Z",
                           "2018-03-01T01:00:00+01:00", "1519862400", "1519862400.0",
                           "1519862400000", "1519862400000000"}) {
    const Stamp stamp = reader.read(text);
    EXPECT_EQ(stamp.kind, Stamp::Kind::kTime) << text;
    EXPECT_TRUE(stamp.calendar) << text;
    EXPECT_EQ(stamp.us, kMoment) << text;
  }
}

TEST(Stamps, OfALogsOwnClockCountFromItsZero) {
  StampReader reader;
  const Stamp stamp = reader.read("427061");
  EXPECT_FALSE(stamp.calendar);
  EXPECT_EQ(stamp.us, 427'061'000'000);
  EXPECT_EQ(reader.read("0").us, 0);
}

TEST(Stamps, SayNothingOrAreGarbled) {
  StampReader reader;
  for (const char* text : {"", "Unknown", "None", "N/A", "null", "-"})
    EXPECT_EQ(reader.read(text).kind, Stamp::Kind::kNone) << text;
  for (const char* text : {"yesterday", "2018-13-01T00:00:00", "2018-03-01T25:00:00", "-5",
                           "1960-01-01T00:00:00", "9999-01-01T00:00:00", "2018-03-01"})
    EXPECT_EQ(reader.read(text).kind, Stamp::Kind::kGarbled) << text;
}

TEST(Elapsed, IsReadAsSlurmWritesIt) {
  EXPECT_EQ(parse_elapsed("1-02:03:04"), Micros(93'784'000'000));
  EXPECT_EQ(parse_elapsed("02:03:04"), Micros(7'384'000'000));
  EXPECT_EQ(parse_elapsed("03:04"), Micros(184'000'000));
  EXPECT_EQ(parse_elapsed("00:00:00"), Micros(0));
  EXPECT_EQ(parse_elapsed("00:00:01.500"), Micros(1'500'000));
  EXPECT_EQ(parse_elapsed("3600"), Micros(3'600'000'000));
  EXPECT_EQ(parse_elapsed("1.5", 3600), Micros(5'400'000'000));
  EXPECT_EQ(parse_elapsed("-5"), Micros(-5'000'000));
  for (const char* text : {"x", "1:2:3:4", "1-02:03", "1-", ":", "1-x:00:00", "1e300", "nan", "5h"})
    EXPECT_FALSE(parse_elapsed(text)) << text;
}

TEST(ConsumedEnergy, HasSlurmsUnitsAndKnowsWhatIsNotKnown) {
  EXPECT_EQ(parse_consumed_energy("512"), 512);
  EXPECT_EQ(parse_consumed_energy("1.23K"), 1230);
  EXPECT_EQ(parse_consumed_energy("4.5M"), 4.5e6);
  EXPECT_EQ(parse_consumed_energy("2G"), 2e9);
  for (const char* text :
       {"", "0", "0.00K", "18446744073709551614", "16E", "-5", "x", "5KK", "inf"})
    EXPECT_FALSE(parse_consumed_energy(text)) << text;
}

}  // namespace
}  // namespace joulery::project
