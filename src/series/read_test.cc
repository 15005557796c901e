// series: forms of stamps and columns, and what is refused.
#include "series/read.h"

#include <gmock/gmock.h>

#include <random>
#include <sstream>

#include "base/text.h"
#include "series/made_tables.h"

namespace joulery::series {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string why_not(const std::string& text, const std::string& column = "",
                    SeriesMeasure measure = SeriesMeasure::kIntensity) {
  const auto series = read_text(text, column, {.measure = measure});
  if (series) return "was read";
  return series.error().message;
}

void expect_begin(const std::string& text, const std::string& begin) {
  const auto series = read_text(text);
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

TEST(Stamps, ThatCountFromAnotherMomentAreRefused) {
  EXPECT_THAT(why_not("hour,v\n0,1\n1,1\n"), HasSubstr("'0' is not a time"));
  EXPECT_THAT(why_not("time,v\n1654084800,1\n3600,1\n"), HasSubstr("s.csv:3"));
  EXPECT_THAT(why_not("time,v\n1e300,1\n2e300,1\n"), HasSubstr("not a time"));
}

TEST(Columns, OfElectricityMapsTheLifeCycleComesFirst) {
  const auto series = read_text(
      "Datetime (UTC),Country,Zone name,Carbon intensity gCO₂eq/kWh (direct),Carbon intensity "
      "gCO₂eq/kWh (Life cycle)\n2022-01-01 00:00:00,Germany,Germany,200,240\n"
      "2022-01-01 01:00:00,Germany,Germany,201,241\n");

  ASSERT_TRUE(series) << series.error().message;
  EXPECT_NEAR(series->pieces[0].value * kJoulesPerKilowattHour, 240, 1e-9);
  EXPECT_EQ(series->kind, "average");
}

TEST(Columns, AreFoundByAWordThatOneOfThemHas) {
  const std::string text =
      "time,Carbon intensity g/kWh (direct),Carbon intensity g/kWh (Life cycle),DE-LU g/kWh\n"
      "2022-01-01 00:00,200,240,3\n2022-01-01 01:00,201,241,3\n";

  const auto series = read_text(text, "direct");
  ASSERT_TRUE(series) << series.error().message;
  EXPECT_NEAR(series->pieces[0].value * kJoulesPerKilowattHour, 200, 1e-9);
  EXPECT_TRUE(read_text(text, "de-lu"));
  EXPECT_THAT(why_not(text, "DE"), HasSubstr("no column 'DE'"));
  EXPECT_THAT(why_not(text, "Carbon"), HasSubstr("no column 'Carbon'"));
}

TEST(Units, OfAnotherRateAreNotTakenForGrams) {
  EXPECT_THAT(why_not("time,price (EUR/MWh)\n2022-01-01 00:00,90\n2022-01-01 01:00,80\n"),
              HasSubstr("'price (EUR/MWh)'"));
}

TEST(Columns, ThatAreNotThereAreRefusedWithTheNearest) {
  const std::string text = "time,DE,FR\n2022-01-01 00:00,1,2\n2022-01-01 01:00,1,2\n";

  EXPECT_THAT(why_not(text, "DEE"), AllOf(HasSubstr("--series"), HasSubstr("did you mean DE")));
  EXPECT_THAT(why_not(text), AllOf(HasSubstr("several columns"), HasSubstr("DE, FR")));
}

TEST(Units, AreDemandedWhereNobodyMeansOne) {
  const std::string text = "time,price\n2022-01-01 00:00,90\n2022-01-01 01:00,80\n";

  EXPECT_THAT(why_not(text, "", SeriesMeasure::kPrice), HasSubstr("price (EUR/MWh)"));
}

TEST(Units, OfAColumnThatMayBeAnythingAreDemanded) {
  EXPECT_THAT(why_not("point_time,value\n2022-01-01 00:00,900\n2022-01-01 01:00,900\n"),
              HasSubstr("'value' of"));
}

TEST(Stamps, OfAnHourThatItsYearDoesNotHaveAreRefused) {
  EXPECT_THAT(why_not("hour_of_2023,v\n8759,1\n8760,1\n"), HasSubstr("'8760' is not a time"));
  EXPECT_TRUE(read_text("hour_of_2024,v\n8782,1\n8783,1\n"));
}

TEST(HostileFiles, ThatEndInNulsAreReadUpToThem) {
  const std::string head = "time,g/kWh\n2022-01-01 00:00,1\n2022-01-01 01:00,1\n";
  for (const std::size_t length : {10U, 1U << 20}) {
    const auto series = read_text(head + std::string(length, '\0'));

    ASSERT_TRUE(series) << series.error().message;
    EXPECT_EQ(series->pieces.size(), 2U);
    EXPECT_THAT(series->notes, testing::Contains("s.csv:4: the file ends in NULs: left out"));
  }
}

TEST(BadRows, NameFileLineAndColumn) {
  const std::string head = "time,g/kWh\n2022-01-01 00:00,1\n";

  EXPECT_THAT(why_not(head + "2022-01-01 01:00,x\n"),
              AllOf(HasSubstr("s.csv:3"), HasSubstr("'g/kWh'"), HasSubstr("'x'")));
  EXPECT_THAT(why_not(head + "yesterday,1\n"), AllOf(HasSubstr("s.csv:3"), HasSubstr("'time'")));
  EXPECT_THAT(why_not(head + "2022-01-01 01:00,-4\n"), HasSubstr("negative"));
  EXPECT_THAT(why_not(head + "2022-01-01 01:00,1,2\n"), HasSubstr("3 columns"));
  EXPECT_THAT(why_not("time,pue\n2022-01-01 00:00,0.9\n", "", SeriesMeasure::kPue),
              HasSubstr("no PUE"));
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
  const auto cut = read_text(head + "2022-01-01 0");
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
  const auto near = read_text("time,g/kWh\n2022-01-01T00:00:00.1Z,1\n2022-01-01T00:00:00.2Z,1\n");
  const auto far = read_text("time,g/kWh\n1970-01-01T00:00:00Z,1\n9999-12-31T23:59:59Z,1\n");

  ASSERT_TRUE(near) << near.error().message;
  EXPECT_EQ(near->pieces[1].end - near->pieces[1].begin, std::chrono::milliseconds(100));
  ASSERT_TRUE(far) << far.error().message;
  EXPECT_GT(Seconds(far->pieces[1].end - far->pieces[0].begin), std::chrono::years(16000));
}

TEST(BadRows, HoldNothingThatNoPlaceHas) {
  EXPECT_THAT(why_not("time,g/kWh\n2022-01-01 00:00,100001\n"), HasSubstr("absurd"));
  EXPECT_THAT(why_not("time,temp (C)\n2022-01-01 00:00,5000\n", "", SeriesMeasure::kTemperature),
              HasSubstr("absurd"));
}

TEST(Zeros, OfIntensitiesAreTold) {
  const auto series = read_text("time,g/kWh\n2022-01-01 00:00,0\n2022-01-01 01:00,5\n");

  ASSERT_TRUE(series) << series.error().message;
  EXPECT_THAT(series->notes, testing::Contains("1 intensities are 0"));
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

std::string good_file() {
  std::string text = "time,g/kWh\n";
  for (int hour = 10; hour < 22; ++hour)
    text += "2022-01-01 " + std::to_string(hour) + ":00,10" + std::to_string(hour) + "\n";
  return text;
}

TEST(Damage, ACutFileGivesNoWrongValue) {
  const std::string whole = good_file();
  const auto truth = read_text(whole);
  ASSERT_TRUE(truth);

  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto series = read_text(whole.substr(0, size));
    if (!series) {
      EXPECT_THAT(series.error().message, HasSubstr("s.csv")) << size;
      continue;
    }
    for (std::size_t i = 0; i < series->pieces.size(); ++i)
      ASSERT_EQ(series->pieces[i].value, truth->pieces[i].value) << size;
  }
}

TEST(Damage, OfAnyByteGivesPiecesInOrderOrAnError) {
  // Digits, so that some are read, and what parts them.
  constexpr std::string_view kBytes = "0123456789012345,;:-. \n\"\xFF";
  std::mt19937 random(5);
  int read_all = 0;
  for (int trial = 0; trial < 3000; ++trial) {
    std::string text = good_file();
    for (int i = 0; i <= trial % 2; ++i)
      text[random() % text.size()] = kBytes[random() % kBytes.size()];
    const auto series = read_text(text);
    if (!series) {
      ASSERT_FALSE(series.error().message.empty());
      continue;
    }
    ++read_all;
    for (std::size_t i = 0; i < series->pieces.size(); ++i) {
      const SeriesPiece& piece = series->pieces[i];
      ASSERT_TRUE(piece.begin < piece.end && piece.value >= 0) << text;
      ASSERT_TRUE(i == 0 || series->pieces[i - 1].end <= piece.begin) << text;
    }
  }
  EXPECT_GT(read_all, 100);  // else the trials say nothing
}

TEST(Encodings, OfSixteenBitsAreRead) {
  std::string wide = "\xFF\xFE";
  for (const char c : good_file()) wide += {c, '\0'};

  const auto series = read_text(wide);

  ASSERT_TRUE(series) << series.error().message;
  EXPECT_EQ(series->pieces.size(), 12U);
}

TEST(Encodings, ThatAreNoTextAreRefused) {
  for (const std::string& text :
       {std::string(100'000, '\0'), std::string(100'000, 'x'), std::string(100'000, ','),
        std::string("\x7F\x45LF\x02\x01\x01\0\0", 9), std::string("\xFF\xFE\x00", 3),
        std::string("{\"a\": [1, 2]}\n"), std::string("<html>\n<body>,\n")}) {
    const auto series = read_text(text);
    ASSERT_FALSE(series) << text.substr(0, 20);
    EXPECT_LT(series.error().message.size(), 1000U);
  }
}

}  // namespace
}  // namespace joulery::series
