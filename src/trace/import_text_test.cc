// trace: stamps, fields, lines and the rhythm of rows, apart from any format.
#include "trace/import_text.h"

#include <gtest/gtest.h>

#include <sstream>

#include "base/text.h"
#include "trace/import_interleave.h"

namespace joulery {
namespace {

std::string stamp(std::string_view text, int offset_minutes = 0) {
  const auto time = parse_stamp(text, std::chrono::minutes(offset_minutes));
  return time ? format_time(*time) : "none";
}

TEST(ImportStamp, ReadsWhatToolsWrite) {
  EXPECT_EQ(stamp("2023/07/08 19:28:27.236", 60), "2023-07-08T18:28:27.236Z");
  EXPECT_EQ(stamp("03-17-2021 04:12:22.264"), "2021-03-17T04:12:22.264Z");
  EXPECT_EQ(stamp(" 2024-05-31T10:39:13"), "2024-05-31T10:39:13.000Z");
  EXPECT_EQ(stamp("2024-05-31T10:39:13+02:00", 60), "2024-05-31T08:39:13.000Z");
  for (const char* count :
       {"1688840907.417", "1688840907417", "1688840907417000", "1688840907417000000"})
    EXPECT_EQ(stamp(count), "2023-07-08T18:28:27.417Z") << count;
}

TEST(ImportStamp, RefusesDatesThatNoLogHas) {
  for (const char* text :
       {"", "-", "1", "1e9", "13-32-2021 04:12:22", "0001/01/01 00:00:00", "2100/01/01 00:00:00",
        "9999999999999999999999", "2023/07/08", "2023/07/08 19:28:27.236 and more than that all",
        "12-", "ab-cd-efgh 00:00:00"})
    EXPECT_EQ(stamp(text), "none") << text;
}

TEST(ImportField, ReadsUnitsAndTellsMissingFromGarbled) {
  EXPECT_DOUBLE_EQ(parse_field(" 46.19 W", Measure::kPower, 1).value, 46.19);
  EXPECT_DOUBLE_EQ(parse_field("46190 mW", Measure::kPower, 1).value, 46.19);
  EXPECT_DOUBLE_EQ(parse_field("2", Measure::kMemoryUsed, 1048576).value, 2097152);
  for (const char* text : {"[N/A]", "N/A", "[Not Supported]", "[Unknown Error]", "[whatever]"})
    EXPECT_EQ(parse_field(text, Measure::kPower, 1).kind, Field::Kind::kMissing) << text;
  for (const char* text : {"", "-", "nan", "inf", "1e999", "46.19 C", "46.19W", "0x10", "1,5"})
    EXPECT_EQ(parse_field(text, Measure::kPower, 1).kind, Field::Kind::kGarbled) << text;
  for (const char* text : {"-1", "2e9", "1e308 kW"})
    EXPECT_EQ(parse_field(text, Measure::kPower, 1).kind, Field::Kind::kImpossible) << text;
}

TEST(LogLines, CutsALongLineAndGoesOnBehindIt) {
  std::istringstream in("first\n" + std::string(1'000'000, 'x') + "\r\nlast");
  LogLines lines(in, "f");

  ASSERT_TRUE(lines.next());
  EXPECT_FALSE(lines.damaged());
  ASSERT_TRUE(lines.next());
  EXPECT_TRUE(lines.damaged());
  EXPECT_LE(lines.text().size(), 64u * 1024);
  ASSERT_TRUE(lines.next());
  EXPECT_EQ(lines.text(), "last");
  EXPECT_EQ(lines.place(), "f:3");
  EXPECT_FALSE(lines.ended());
  EXPECT_FALSE(lines.next());
}

TEST(LogLines, EndsAtTheBoundOfAnInputThatDoesNot) {
  std::istringstream in(std::string(std::size_t{1} << 20, '#') + "\n");
  LogLines lines(in, "f", 1000);
  while (lines.next()) continue;
  EXPECT_TRUE(lines.beyond());

  std::istringstream short_in("a\n");
  LogLines all(short_in, "f", 1000);
  while (all.next()) continue;
  EXPECT_FALSE(all.beyond());
}

TEST(LogLines, EndsAtTheBoundOfLines) {
  std::istringstream in("1\n2\n3\n4\n"), just("1\n2\n");
  LogLines lines(in, "f", UINT64_MAX, 2), fits(just, "f", UINT64_MAX, 2);
  std::size_t taken = 0;
  while (lines.next()) ++taken;
  while (fits.next()) continue;

  EXPECT_EQ(taken, 2u);
  EXPECT_TRUE(lines.beyond());
  EXPECT_FALSE(fits.beyond()) << "all of it was read";
}

TEST(LogLines, JoinsALineEndThatTwoReadsSplit) {
  std::istringstream in(std::string(64 * 1024 - 1, 'x') + "\r\nlast\n");
  LogLines lines(in, "f");

  EXPECT_TRUE(lines.next());
  EXPECT_TRUE(lines.next());
  EXPECT_EQ(lines.text(), "last");
}

std::vector<Instant> stamps_of(const std::vector<int>& ms) {
  std::vector<Instant> stamps;
  for (const int at : ms) stamps.emplace_back(std::chrono::milliseconds(at));
  return stamps;
}

TEST(Interleaved, IsNotSeenInOneDevicesRows) {
  // 7 to 13 ms apart, with a hiccup of 49 ms, as nvidia-smi -lms 5 gives.
  std::vector<int> uneven = {1};
  for (int i = 0; i < 200; ++i)
    uneven.push_back(uneven.back() + 7 + (i * 5) % 7 + (i == 90 ? 36 : 0));
  EXPECT_EQ(find_interleaved(stamps_of(uneven)), 1);

  // Whole seconds, polled three times a second.
  std::vector<int> coarse;
  for (int i = 0; i < 90; ++i) coarse.push_back(i / 3 * 1000);
  EXPECT_EQ(find_interleaved(stamps_of(coarse)), 1);

  EXPECT_EQ(find_interleaved({}), 1);
  EXPECT_EQ(find_interleaved(stamps_of(std::vector<int>(50, 5))), 1);
}

TEST(Interleaved, IsSeenInBurstsEvenWhereStampsAreEqual) {
  std::vector<int> bursts;
  for (int i = 0; i < 40; ++i)
    for (int device = 0; device < 8; ++device) bursts.push_back(i * 1013 + device / 2);

  EXPECT_EQ(find_interleaved(stamps_of(bursts)), 8);
  const auto device = assign_interleaved(stamps_of(bursts), 8, false);
  EXPECT_EQ(device[11], 3);
}

}  // namespace
}  // namespace joulery
