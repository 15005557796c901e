#include "base/text.h"

#include <gtest/gtest.h>

namespace joulery {
namespace {

using std::chrono::minutes;

TEST(Duration, ReadsEachUnit) {
  EXPECT_DOUBLE_EQ(parse_duration("100ms", "--period")->count(), 0.1);
  EXPECT_DOUBLE_EQ(parse_duration("1.5 h", "--period")->count(), 5400);
  EXPECT_DOUBLE_EQ(parse_duration("2min", "--period")->count(), 120);
  EXPECT_DOUBLE_EQ(parse_duration("1d", "--period")->count(), 86400);
}

TEST(Duration, RefusesWhatItCannotKnow) {
  for (const char* text :
       {"", "5", "5m", "-1s", "nan", "nans", "infs", "1e999s", "5 parsecs", "1s1", "1e300h"}) {
    const auto result = parse_duration(text, "--period");
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().code, ErrorCode::kUsage);
    EXPECT_NE(result.error().message.find("--period"), std::string::npos);
  }
  EXPECT_NE(parse_duration("5m", "--period").error().message.find("min"), std::string::npos);
}

TEST(PowerAndEnergy, ScaleToSi) {
  EXPECT_DOUBLE_EQ(parse_power("1.2kW", "--cap")->count(), 1200);
  EXPECT_DOUBLE_EQ(parse_energy("1287MWh", "--energy")->count(), 1287e6 * 3600);
  EXPECT_FALSE(parse_power("250", "--cap"));
  EXPECT_FALSE(parse_power("250J", "--cap"));
}

TEST(Clock, ReadsEachUnit) {
  EXPECT_EQ(*parse_clock("1200MHz", "cap set"), Hertz(1.2e9));
  EXPECT_EQ(*parse_clock("1.41 GHz", "cap set"), Hertz(1.41e9));
  for (const char* text : {"1200", "1200W", "-1MHz", "1200mhz", "nanMHz"})
    EXPECT_FALSE(parse_clock(text, "cap set")) << text;
}

TEST(Intensity, KnowsPoundsFromKilograms) {
  // 0.954 lb/kWh is the US average of 2018 that Strubell et al. 2019 use: 432.7 g/kWh.
  EXPECT_NEAR(parse_intensity("0.954lb/kWh", "--intensity")->count() * kJoulesPerKilowattHour,
              432.727, 1e-3);
  EXPECT_NEAR(parse_intensity("0.385kg/kWh", "--intensity")->count() * kJoulesPerKilowattHour, 385,
              1e-9);
  EXPECT_FALSE(parse_intensity("432", "--intensity"));
  EXPECT_FALSE(parse_intensity("432kg/kWh", "--intensity"));
}

TEST(Prices, ReadRangesAndCurrencies) {
  EXPECT_DOUBLE_EQ(parse_money("1500000JPY", "--transfer-cost")->low, 1.5e6);
  for (const char* text : {"", "180", "1..2USD", "-1USD", "1e13USD", "180usd"})
    EXPECT_FALSE(parse_money(text, "--transfer-cost")) << text;
  const auto range = parse_hourly_price("0.74..2.48USD/h", "--cloud-price");
  ASSERT_TRUE(range);
  EXPECT_DOUBLE_EQ(range->low, 0.74);
  EXPECT_DOUBLE_EQ(range->high, 2.48);
  EXPECT_EQ(range->currency, "USD");
  EXPECT_DOUBLE_EQ(parse_energy_price("0.12 EUR/kWh", "--electricity-price")->high, 0.12);
  for (const char* text :
       {"2..1USD/h", "1usd/h", "USD/h", "1USD", "1..USD/h", "-1USD/h", "nanUSD/h"})
    EXPECT_FALSE(parse_hourly_price(text, "--cloud-price")) << text;
}

TEST(Pue, NeedsAtLeastOne) {
  EXPECT_DOUBLE_EQ(parse_pue("1.58", "--pue")->value, 1.58);
  EXPECT_FALSE(parse_pue("1.58", "--pue")->u);
  EXPECT_DOUBLE_EQ(*parse_pue("1.58+-0.1", "--pue")->u, 0.1);
  EXPECT_DOUBLE_EQ(*parse_pue("1.58 ± 0.1", "--pue")->u, 0.1);
  for (const char* text : {"0.99", "11", "nan", "", "1.2+-", "1.2+-x", "1.2+--1"})
    EXPECT_FALSE(parse_pue(text, "--pue")) << text;
}

TEST(Csv, HonoursQuotes) {
  const auto fields = split_csv(R"(a, "b,""c""" ,,d)");
  ASSERT_TRUE(fields);
  EXPECT_EQ(*fields, (std::vector<std::string>{"a", "b,\"c\"", "", "d"}));
  EXPECT_FALSE(split_csv("\"open"));
  EXPECT_FALSE(split_csv("\"a\"b,c"));
  EXPECT_EQ(split_csv("")->size(), 1u);
}

TEST(Time, ReadsZonesAndFractions) {
  const auto time = parse_time("2026-11-25T15:34:00.5+01:00");
  ASSERT_TRUE(time);
  EXPECT_EQ(format_time(*time), "2026-11-25T14:34:00.500Z");
  EXPECT_EQ(format_time(*parse_time("2026-11-25 15:34:00", minutes(-330))),
            "2026-11-25T21:04:00.000Z");
  for (const char* text : {"2026-02-30T00:00:00Z", "2026-11-25", "2026-11-25T24:00:00Z",
                           "2026-11-25T15:34:00Zx", "2026-11-25T15:34:00.Z", ""})
    EXPECT_FALSE(parse_time(text)) << text;
}

TEST(Time, PrintsTimesBeforeTheEpoch) {
  EXPECT_EQ(format_time(WallTime(Micros(-1))), "1969-12-31T23:59:59.999Z");
}

TEST(UtcOffset, NamesItsFlag) {
  EXPECT_EQ(*parse_utc_offset("-05:30", "--utc-offset"), minutes(-330));
  EXPECT_EQ(*parse_utc_offset("Z", "--utc-offset"), minutes(0));
  EXPECT_FALSE(parse_utc_offset("1", "--utc-offset"));
}

TEST(Rounding, KeepsTwoDigitsOfTheUncertainty) {
  using Pair = std::pair<std::string, std::string>;
  EXPECT_EQ(format_rounded(12.3456, 0.123), (Pair{"12.35", "0.12"}));
  EXPECT_EQ(format_rounded(1234.5, 123.4), (Pair{"1230", "120"}));
  EXPECT_EQ(format_rounded(1234.5, 12.3), (Pair{"1234", "12"}));
  EXPECT_EQ(format_rounded(0.5, 0), (Pair{"0.5", "0"}));
}

TEST(Rounding, OfNearlyZeroHasNoSign) {
  EXPECT_EQ(format_rounded(-0.0004, 0.12).first, "0.00");
  EXPECT_EQ(format_rounded(-0.4, 31).first, "0");
  EXPECT_EQ(format_rounded(-4, 1200).first, "0");
  EXPECT_EQ(format_rounded(-0.0, 0).first, "0");
  EXPECT_EQ(format_rounded(-0.06, 1.2).first, "-0.1");
  EXPECT_EQ(format_fixed(-0.04, 1), "0.0");
  EXPECT_EQ(format_fixed(-10, 0), "-10");
}

TEST(NearestNames, OffersMisspellingsOnly) {
  const std::vector<std::string> names = {"france", "finland", "germany"};
  EXPECT_EQ(nearest_names("Frnace", names), std::vector<std::string>{"france"});
  EXPECT_TRUE(nearest_names("zzz", names).empty());
}

TEST(Durations, ReadWell) {
  EXPECT_EQ(format_duration(Seconds(0.045)), "45 ms");
  EXPECT_EQ(format_duration(Seconds(13.24)), "13.2 s");
  EXPECT_EQ(format_duration(Seconds(125)), "2 min 5 s");
  EXPECT_EQ(format_duration(Seconds(7500)), "2 h 5 min");
  EXPECT_EQ(format_duration(Seconds(90000)), "1 d 1 h");
}

}  // namespace
}  // namespace joulery
