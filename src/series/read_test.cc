// series: forms of stamps and columns, and what is refused.
#include "series/read.h"

#include <gmock/gmock.h>

#include <sstream>

#include "base/text.h"

namespace joulery::series {
namespace {

using testing::AllOf;
using testing::HasSubstr;

Result<Series> read(const std::string& text, const std::string& column = "",
                    Measure measure = Measure::kIntensity) {
  std::istringstream in(text);
  SeriesRequest request;
  request.file = "s.csv";
  request.flag = "--series";
  request.measure = measure;
  return read_stream(in, "s.csv", column, request);
}

std::string why_not(const std::string& text, const std::string& column = "",
                    Measure measure = Measure::kIntensity) {
  const auto series = read(text, column, measure);
  if (series) return "was read";
  return series.error().message;
}

void expect_begin(const std::string& text, const std::string& begin) {
  const auto series = read(text);
  ASSERT_TRUE(series) << series.error().message;
  EXPECT_EQ(format_time(series->pieces[0].begin), begin) << text;
}

TEST(Stamps, InTheFormsThatToolsWrite) {
  const std::string noon = "2022-06-01T12:00:00.000Z";

  expect_begin("t,v\n2022-06-01 12:00,1\n2022-06-01 13:00,1\n", noon);
  expect_begin("t,v\n2022-06-01T14:00:00+02:00,1\n2022-06-01T15:00:00+02:00,1\n", noon);
  expect_begin("t,v\n2022-06-01 12:00:00+00,1\n2022-06-01 13:00:00+00,1\n", noon);
  expect_begin("t,v\n2022-06-01T08:00-0400,1\n2022-06-01T09:00-0400,1\n", noon);
  expect_begin("t,v\n2022-06-01 12:00:00 UTC,1\n2022-06-01 13:00:00 UTC,1\n", noon);
  expect_begin("t,v\n1654084800,1\n1654088400,1\n", noon);
  expect_begin("t,v\n1654084800000,1\n1654088400000,1\n", noon);
  expect_begin("hour_of_2022_utc,v\n3636,1\n3637,1\n", noon);
  expect_begin("\"t\";v\n\"2022-06-01T12:00:00Z\";1,5\n\"2022-06-01T13:00:00Z\";1,5\n", noon);
  expect_begin("\xEF\xBB\xBFt\tv\r\n2022-06-01T12:00:00Z\t1\r\n2022-06-01T13:00:00Z\t1\r\n", noon);
}

TEST(Columns, OfElectricityMapsTheLifeCycleComesFirst) {
  const auto series = read(
      "Datetime (UTC),Country,Zone name,Carbon intensity gCO₂eq/kWh (direct),Carbon intensity "
      "gCO₂eq/kWh (Life cycle)\n2022-01-01 00:00:00,Germany,Germany,200,240\n"
      "2022-01-01 01:00:00,Germany,Germany,201,241\n");

  ASSERT_TRUE(series) << series.error().message;
  EXPECT_NEAR(series->pieces[0].value * kJoulesPerKilowattHour, 240, 1e-9);
  EXPECT_EQ(series->kind, "average");
}

TEST(Columns, ThatAreNotThereAreRefusedWithTheNearest) {
  const std::string text = "time,DE,FR\n2022-01-01 00:00,1,2\n2022-01-01 01:00,1,2\n";

  EXPECT_THAT(why_not(text, "DEE"), AllOf(HasSubstr("--series"), HasSubstr("did you mean DE")));
  EXPECT_THAT(why_not(text), AllOf(HasSubstr("several columns"), HasSubstr("DE, FR")));
}

TEST(Units, AreDemandedWhereNobodyMeansOne) {
  const std::string text = "time,price\n2022-01-01 00:00,90\n2022-01-01 01:00,80\n";

  EXPECT_THAT(why_not(text, "", Measure::kPrice), HasSubstr("price (EUR/MWh)"));
}

TEST(BadRows, NameFileLineAndColumn) {
  const std::string head = "time,g/kWh\n2022-01-01 00:00,1\n";

  EXPECT_THAT(why_not(head + "2022-01-01 01:00,x\n"),
              AllOf(HasSubstr("s.csv:3"), HasSubstr("'g/kWh'"), HasSubstr("'x'")));
  EXPECT_THAT(why_not(head + "yesterday,1\n"), AllOf(HasSubstr("s.csv:3"), HasSubstr("'time'")));
  EXPECT_THAT(why_not(head + "2022-01-01 01:00,-4\n"), HasSubstr("negative"));
  EXPECT_THAT(why_not(head + "2022-01-01 01:00,1,2\n"), HasSubstr("3 columns"));
  EXPECT_THAT(why_not("time,pue\n2022-01-01 00:00,0.9\n", "", Measure::kPue), HasSubstr("no PUE"));
  EXPECT_THAT(why_not(""), HasSubstr("no heading"));
  EXPECT_THAT(why_not("time,g/kWh\n"), HasSubstr("no rows"));
  EXPECT_THAT(why_not(head), HasSubstr("one row"));
}

TEST(HostileFiles, AreRefusedOrReadInPart) {
  const std::string head = "time,g/kWh\n2022-01-01 00:00,1\n2022-01-01 01:00,1\n";

  EXPECT_THAT(why_not(std::string(1 << 20, 'x') + ",g/kWh\n"), HasSubstr("no heading"));
  EXPECT_THAT(why_not(head + "2022-01-01 02:00,\"1\n"), HasSubstr("s.csv:4"));
  EXPECT_THAT(why_not(head + std::string("2022-01-01 02:00,\0\n", 19)), HasSubstr("s.csv:4"));
  EXPECT_THAT(why_not(head + "\xff\xfe,1\n"), HasSubstr("s.csv:4"));
  const auto cut = read(head + "2022-01-01 0");
  ASSERT_TRUE(cut) << cut.error().message;
  EXPECT_EQ(cut->pieces.size(), 2U);
  EXPECT_THAT(cut->notes, testing::Contains(HasSubstr("s.csv:4: the end of the file cut")));
}

TEST(Stamps, OutOfAnyCalendarAreRefused) {
  for (const char* const stamp : {"1e300", "-5", "99999999999999999999", "10000-01-01T00:00:00Z",
                                  "2022-02-30T00:00:00Z", "2022-01-01T24:00:00Z", "nan", "inf"})
    EXPECT_THAT(why_not(std::string("time,g/kWh\n") + stamp + ",1\n"), HasSubstr("not a time"))
        << stamp;
}

TEST(Stamps, MayBeNearOrFarApart) {
  const auto near = read("time,g/kWh\n2022-01-01T00:00:00.1Z,1\n2022-01-01T00:00:00.2Z,1\n");
  const auto far = read("time,g/kWh\n1970-01-01T00:00:00Z,1\n9999-12-31T23:59:59Z,1\n");

  ASSERT_TRUE(near) << near.error().message;
  EXPECT_EQ(near->pieces[1].end - near->pieces[1].begin, std::chrono::milliseconds(100));
  ASSERT_TRUE(far) << far.error().message;
  EXPECT_GT(Seconds(far->pieces[1].end - far->pieces[0].begin), std::chrono::years(16000));
}

TEST(Kinds, AreNeverAgainstEachOther) {
  std::istringstream in("time,MOER (lbs/MWh)\n2022-01-01 00:00,900\n2022-01-01 01:00,900\n");
  SeriesRequest request;
  request.flag = "--series";
  request.kind = "average";

  const auto series = read_stream(in, "s.csv", "", request);

  ASSERT_FALSE(series);
  EXPECT_THAT(series.error().message, HasSubstr("marginal"));
}

}  // namespace
}  // namespace joulery::series
