// estimate: rows that cannot be meant are refused, naming where and what.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "estimate/estimate_fixture.h"
#include "estimate/keys.h"
#include "estimate/rows_toml.h"

namespace joulery {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(EstimateRequest, OffersTheNearestDeviceAndRegion) {
  EXPECT_THAT(refusal({{"device", "V1OO"}, {"duration", "1h"}}),
              AllOf(StartsWith("--device"), HasSubstr("V100")));
  EXPECT_THAT(refusal({{"duration", "1h"}, {"power", "1W"}, {"region", "Germny"}}),
              AllOf(StartsWith("--region"), HasSubstr("germany")));
}

TEST(EstimateRequest, RefusesWhatNoRowCanHave) {
  const auto with = [](const std::string& key, const std::string& text) {
    WordList words = {{"duration", "1h"}, {"power", "1W"}};
    std::erase_if(words, [&](const auto& word) { return word.first == key; });
    words.emplace_back(key, text);
    return refusal(words);
  };
  EXPECT_THAT(with("pue", "0.9"), HasSubstr("below 1"));
  EXPECT_THAT(with("duration", "-3h"), HasSubstr("negative"));
  EXPECT_THAT(with("duration", "0h"), HasSubstr("nothing at all"));
  EXPECT_THAT(with("duration", "3m"), HasSubstr("min"));
  EXPECT_THAT(with("cloud_price", "2.48..0.74USD/h"), HasSubstr("upside down"));
  EXPECT_THAT(with("power", "188"), HasSubstr("unit"));
  EXPECT_THAT(with("power", "nanW"), StartsWith("--power"));
  EXPECT_THAT(with("power", "188W+-200W"), HasSubstr("uncertainty"));
  EXPECT_THAT(with("power", "188W+-"), HasSubstr("uncertainty"));
  EXPECT_THAT(with("count", "-8"), AllOf(StartsWith("--count"), HasSubstr("for example 8")));
  EXPECT_THAT(with("count", "99999999999"), HasSubstr("in the world"));
  EXPECT_THAT(with("metric", "good"), AllOf(StartsWith("--metric"), HasSubstr("28.4")));
  EXPECT_THAT(with("metric_better", "more"), HasSubstr("higher"));
  EXPECT_THAT(with("intensity", "432"), StartsWith("--intensity"));
  EXPECT_THAT(with("published_carbon", "12oz"), HasSubstr("lb"));
  EXPECT_THAT(with("device_hours", "3h"), HasSubstr("second time"));
  EXPECT_THAT(with("energy", "3kWh"), HasSubstr("second source"));
  EXPECT_THAT(with("energy_includes_pue", "true"), StartsWith("--energy_includes_pue"));
  EXPECT_THAT(with("embodied", "150kg"), HasSubstr("lifetime"));
  EXPECT_THAT(with("rate", "300k/84h"), HasSubstr("steps"));
  EXPECT_THAT(with("from", "last"), HasSubstr("second source"));
}

TEST(EstimateRequest, NeedsATime) {
  EXPECT_THAT(refusal({{"power", "1W"}}), HasSubstr("needs duration"));
  EXPECT_THAT(refusal({{"steps", "979M"}, {"rate", "300k"}, {"power", "1W"}}), HasSubstr("rate"));
  EXPECT_THAT(refusal({{"device_hours", "5h"}, {"node_power", "1W"}}), HasSubstr("count"));
  EXPECT_EQ(refusal({{"energy", "3kWh"}}), "");
}

TEST(EstimateRequest, CountsNoPartTwice) {
  EXPECT_THAT(refusal({{"duration", "1h"}, {"node_power", "1kW"}, {"cpu_power", "100W"}}),
              HasSubstr("twice"));
}

TEST(EstimateRequest, RefusesWhatNothingInTheWorldIs) {
  EXPECT_THAT(refusal({{"duration", "1h"}, {"power", "1e20W"}}), HasSubstr("all computers"));
  EXPECT_THAT(refusal({{"duration", "1h"}, {"power", "9W"}, {"cpu_power", "1e20W"}}),
              StartsWith("--cpu_power: "));
  EXPECT_THAT(refusal({{"energy", "1e30kWh"}}), HasSubstr("all computers"));
  const auto embodied = [](const char* mass, const char* life) {
    return refusal({{"energy", "1kWh"}, {"embodied", mass}, {"lifetime", life}});
  };
  EXPECT_THAT(embodied("1e30kg", "1461d"), HasSubstr("making of any one device"));
  EXPECT_THAT(embodied("150kg", "1s"), HasSubstr("less than a month"));
  EXPECT_EQ(embodied("150kg", "1461d"), "");
}

TEST(EstimateRequest, HostsOfNoRunAreRefused) {
  EXPECT_THAT(refusal({{"duration", "1h"}, {"power", "9W"}, {"gpus_per_node", "8"}}),
              HasSubstr("measured run"));
}

TEST(EstimateRows, TakeDefaultsThatTheRowDoesNotSettle) {
  const auto rows = parse_estimate_rows(
      "[defaults]\npue = 1.1\npower = '188W'\nduration = '10h'\n"
      "[[row]]\nname = 'a'\ncount = 8\n[[row]]\nname = 'b'\nenergy = '1MWh'\npue = '1.2'\n",
      "rows.toml");

  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ((*rows)[0].values.at("power").text, "188W");
  EXPECT_EQ((*rows)[0].values.at("count").text, "8");
  EXPECT_EQ((*rows)[1].values.count("power"), 0u);
  EXPECT_EQ((*rows)[1].values.at("pue").text, "1.2");
  EXPECT_EQ((*rows)[1].values.at("energy").where, "rows.toml:10: energy");
}

TEST(EstimateRows, ADefaultIsOfTheRowsThatHaveWhatItIsOf) {
  const auto rows = parse_estimate_rows(
      "[defaults]\ngpus_per_node = 8\nenergy_includes_pue = true\n[[row]]\nfrom = 'last'\n"
      "[[row]]\nenergy = '1MWh'\n[[row]]\npower = '1W'\ngpus_per_node = 2\n",
      "rows.toml");

  ASSERT_TRUE(rows) << rows.error().message;
  const auto has = [&](std::size_t row, const char* key) {
    return (*rows)[row].values.count(key) == 1;
  };
  EXPECT_TRUE(has(0, "gpus_per_node") && !has(0, "energy_includes_pue"));
  EXPECT_TRUE(has(1, "energy_includes_pue") && !has(1, "gpus_per_node"));
  EXPECT_EQ((*rows)[2].values.at("gpus_per_node").text, "2") << "its own is a mistake to be told";
}

TEST(EstimateRows, NameFileAndLineOfWhatIsWrong) {
  const auto error = [](const std::string& text) {
    const auto rows = parse_estimate_rows(text, "rows.toml");
    return rows ? "" : rows.error().message;
  };
  EXPECT_THAT(error("[[row]]\ncuont = 8\n"),
              AllOf(StartsWith("rows.toml:2: "), HasSubstr("nearest: count")));
  EXPECT_THAT(error("[[row]]\ncount = 8\ncount = 9\n"), StartsWith("rows.toml:3: "));
  EXPECT_THAT(error("[[row]]\ncount = [8]\n"), StartsWith("rows.toml:2: "));
  EXPECT_THAT(error("[row]\ncount = 8\n"), StartsWith("rows.toml:1: "));
  EXPECT_THAT(error(""), HasSubstr("no [[row]]"));
  EXPECT_THAT(error("[[rows]]\n"), HasSubstr("rows"));
  EXPECT_THAT(error("[[row]]\nname = '\xff'\n"), StartsWith("rows.toml:2"));
}

TEST(EstimateRows, NameTheLineOfAValueThatIsRefusedLater) {
  const auto rows =
      parse_estimate_rows("[[row]]\nduration = '1h'\npower = '1W'\npue = 0.9\n", "rows.toml");
  ASSERT_TRUE(rows);

  const auto request = make_estimate_request((*rows)[0], shipped_tables());

  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(request.error().message, StartsWith("rows.toml:4: pue: '0.9' is below 1"));
}

}  // namespace
}  // namespace joulery
