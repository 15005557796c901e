// estimate: published tables, cell by cell, and published rows within their tolerance.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>

#include "base/file.h"
#include "base/text.h"
#include "estimate/estimate_fixture.h"

namespace joulery {
namespace {

using ::testing::HasSubstr;
using Verdict = PresetCell::Verdict;

Preset preset(const std::string& name) {
  auto made = make_preset(name);
  EXPECT_TRUE(made) << made.error().message;
  return made ? *std::move(made) : Preset{};
}

/// "table/row/column" of every cell with that verdict.
std::vector<std::string> cells_with(const Preset& made, Verdict verdict) {
  std::vector<std::string> out;
  for (const PresetTable& table : made.tables)
    for (const PresetTable::Row& row : table.rows)
      for (std::size_t i = 0; i < row.cells.size(); ++i)
        if (row.cells[i].verdict == verdict)
          out.push_back(row.name + ", " + table.columns[i + 1] + ": " + row.cells[i].printed +
                        " against " + row.cells[i].ours);
  return out;
}

TEST(Strubell2019, ReproducesToThePrintedDigitButForOneRow) {
  const Preset made = preset("strubell2019");

  ASSERT_EQ(made.tables.size(), 3u);
  EXPECT_THAT(cells_with(made, Verdict::kOther),
              ::testing::ElementsAre("NAS, TPUv2x1, hours: 32,623 against 32,633"));
  EXPECT_THAT(cells_with(made, Verdict::kRounding),
              ::testing::ElementsAre("NAS, TPUv2x1, cloud, high: $146,848 against $146,850"));
  EXPECT_EQ(cells_with(made, Verdict::kMissing).size(), 6u);
  EXPECT_EQ(cells_with(made, Verdict::kSame).size(), 8u + 32u + 12u);
}

TEST(Strubell2019, SaysWhatMustBeSaidBesideIt) {
  std::string notes;
  for (const PresetTable& table : preset("strubell2019").tables)
    for (const std::string& note : table.notes) notes += note + '\n';
  for (const char* said :
       {"79.2 h", "$1.35", "$1.46", "32,633", "0.34280", "216.96", "50.1 h", "239,952 h", "not 0"})
    EXPECT_THAT(notes, HasSubstr(said));
}

TEST(Patterson2021, FollowsFromInputsThatArePrintedRounded) {
  const Preset made = preset("patterson2021");
  EXPECT_THAT(cells_with(made, Verdict::kOther), ::testing::IsEmpty());
  EXPECT_EQ(made.tables[0].rows[5].cells[2].ours, "552.1");
  EXPECT_EQ(made.tables[0].rows[5].cells[2].verdict, Verdict::kSame);
}

TEST(Llama2, FollowsFromHoursAndTdp) {
  const Preset made = preset("llama2");
  EXPECT_THAT(cells_with(made, Verdict::kOther), ::testing::IsEmpty());
  EXPECT_EQ(made.tables[0].rows.back().cells[1].ours, "539.00");
}

TEST(Presets, AreListedWhereTheNameIsWrong) {
  const auto made = make_preset("strubel");
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("strubell2019, patterson2021, llama2"));
}

using Fields = std::map<std::string, std::string>;

class PublishedRows : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("JOULERY_TEST_DATA");
    if (folder == nullptr) GTEST_SKIP() << "JOULERY_TEST_DATA names no folder of published rows";
    const auto text =
        load_file(std::string(folder) + "/expected/published_energy_carbon_cost.csv", 1 << 20);
    ASSERT_TRUE(text) << text.error().message;
    std::vector<std::string> heads;
    for (const std::string_view line : split(*text, '\n')) {
      if (trim(line).empty()) continue;
      const auto fields = split_csv(trim(line));
      ASSERT_TRUE(fields) << line;
      if (heads.empty()) {
        heads = *fields;
        continue;
      }
      Fields row;
      for (std::size_t i = 0; i < heads.size(); ++i) row[heads[i]] = fields->at(i);
      rows_.push_back(row);
    }
  }

  std::vector<Fields> rows_;
};

std::optional<double> number(const Fields& row, const std::string& column) {
  return parse_number(row.at(column));
}

WordList common_words(const Fields& row) {
  WordList words = {{"name", row.at("id")}};
  const auto put = [&](const char* key, const char* column, const std::string& unit) {
    if (number(row, column)) words.emplace_back(key, row.at(column) + unit);
  };
  put("count", "n_devices", "");
  put("duration", "hours", "h");
  put("device_hours", "device_hours", "h");
  put("pue", "pue", "");
  put("intensity", "ci_kg_per_kwh", "kg/kWh");
  if (number(row, "price_lo_usd_per_device_h"))
    words.emplace_back("cloud_price", row.at("price_lo_usd_per_device_h") + ".." +
                                          row.at("price_hi_usd_per_device_h") + "USD/h");
  return words;
}

void expect_within(const Fields& row, const std::string& column, std::optional<double> ours) {
  const auto expected = number(row, column);
  if (!expected) return;
  ASSERT_TRUE(ours) << row.at("id") << " " << column;
  EXPECT_NEAR(*ours / *expected, 1, *number(row, "suggested_tol_pct") / 100)
      << row.at("id") << " " << column << ": " << *ours << " against " << *expected;
}

std::optional<double> tonnes(const Estimate<GramsCo2>& carbon) {
  return carbon ? std::optional(carbon.value->count() / 1e6) : std::nullopt;
}

void expect_row(const Fields& row, const EstimatedRow& ours) {
  const auto money = [](const Estimate<Money>& sum) {
    return sum ? std::optional(sum.value->count()) : std::nullopt;
  };
  expect_within(row, "expected_energy_kwh", kwh(ours.site.site_energy));
  expect_within(row, "expected_tco2e", tonnes(ours.site.carbon));
  expect_within(row, "expected_usd_lo", money(ours.cloud_cost.low));
  expect_within(row, "expected_usd_hi", money(ours.cloud_cost.high));
}

TEST_F(PublishedRows, HoldFromPowerHoursAndPlace) {
  std::vector<EstimatedRow> llama;
  ASSERT_EQ(rows_.size(), 22u);
  for (const Fields& row : rows_) {
    if (row.at("id") == "llama2_total") {
      EXPECT_NEAR(*tonnes(total_of(llama).site.carbon), *number(row, "expected_tco2e"), 0.539);
      continue;
    }
    WordList words = common_words(row);
    const bool has_power = number(row, "power_w_per_device_or_total").has_value();
    words.emplace_back("power",
                       has_power ? row.at("power_w_per_device_or_total") + "W" : "unknown");
    const EstimatedRow ours = estimated(words);
    expect_row(row, ours);
    EXPECT_EQ(ours.it_energy.value.has_value(), has_power) << row.at("id");
    if (row.at("id").starts_with("llama2")) llama.push_back(ours);
  }
}

TEST_F(PublishedRows, HoldFromTheirEnergyWithAndWithoutThePue) {
  int held = 0;
  for (const Fields& row : rows_) {
    const auto energy = number(row, "expected_energy_kwh");
    if (!energy || !number(row, "pue")) continue;
    WordList with = common_words(row);
    WordList without = with;
    with.emplace_back("energy", row.at("expected_energy_kwh") + "kWh");
    with.emplace_back("energy_includes_pue", "true");
    without.emplace_back("energy", std::to_string(*energy / *number(row, "pue")) + "kWh");

    expect_row(row, estimated(with));
    expect_row(row, estimated(without));
    ++held;
  }
  EXPECT_EQ(held, 11);
}

}  // namespace
}  // namespace joulery
