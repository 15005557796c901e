// factors: every row of the shipped accelerators is whole and plausible, and is found by its names.
#include "factors/accelerators.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "factors/name_key.h"

namespace joulery {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::vector<Accelerator> shipped() {
  auto rows = load_accelerators({});
  EXPECT_TRUE(rows) << rows.error().message;
  return rows ? *rows : std::vector<Accelerator>{};
}

void expect_price(const RentalPrice& price, const std::string& id) {
  EXPECT_GT(price.low, MoneyPerSecond(0)) << id;
  EXPECT_LE(price.low, price.high) << id;
  EXPECT_LE(price.high, MoneyPerSecond(20.0 / 3600)) << id << ": dearer than any was";
  EXPECT_EQ(price.currency.size(), 3U) << id;
  EXPECT_FALSE(price.provider.empty() || price.source.empty()) << id;
  EXPECT_THAT(price.as_of, StartsWith("20")) << id;
}

TEST(Accelerators, EveryRowIsWholeAndPlausible) {
  const auto rows = shipped();
  EXPECT_GE(rows.size(), 60U);
  for (const Accelerator& row : rows) {
    EXPECT_FALSE(row.vendor.empty()) << row.id;
    EXPECT_TRUE(row.year >= 2012 && row.year <= 2026) << row.id;
    EXPECT_TRUE(row.tdp || row.average_power || row.memory_bytes) << row.id << " says nothing";
    EXPECT_EQ(row.tdp.has_value(), !row.tdp_source.empty()) << row.id;
    EXPECT_EQ(row.average_power.value.has_value(), !row.average_power_source.empty()) << row.id;
    const Watts tdp = row.tdp.value_or(Watts(100));
    EXPECT_TRUE(tdp >= Watts(40) && tdp <= Watts(1500)) << row.id;
    EXPECT_EQ(row.average_power.value.has_value(), row.average_power.u > Watts(0)) << row.id;
    EXPECT_GT(row.tensor_flops.value_or(1e18), row.fp32_flops.value_or(0)) << row.id;
    for (const RentalPrice& price : row.prices) expect_price(price, row.id);
  }
}

TEST(Accelerators, EachNameLeadsToItsRow) {
  const auto rows = shipped();
  for (const Accelerator& row : rows) {
    const auto by_id = find_accelerator(rows, row.id);
    ASSERT_TRUE(by_id) << row.id;
    EXPECT_EQ(by_id->id, row.id);
    for (const std::string& alias : row.aliases) {
      const auto by_alias = find_accelerator(rows, alias);
      ASSERT_TRUE(by_alias) << alias;
      EXPECT_EQ(by_alias->id, row.id) << alias;
    }
  }
}

TEST(Accelerators, AreFoundAsLogsDriversAndPapersNameThem) {
  const auto rows = shipped();
  const std::pair<const char*, const char*> cases[] = {
      {"V100", "V100-SXM2-16GB"},
      {"Tesla V100-PCIE-32GB", "V100-PCIe-32GB"},
      {"NVIDIA A100-SXM4-80GB", "A100-SXM4-80GB"},
      {"nvidia_a100-pcie-40gb", "A100-PCIe-40GB"},
      {"NVIDIA H100 80GB HBM3", "H100-SXM5-80GB"},
      {"NVIDIA GeForce GTX 1080 Ti", "GTX-1080-Ti"},
      {"Titan-X", "TITAN-X"},
      {"titan x", "TITAN-X"},
      {"TITAN X (Pascal)", "TITAN-X-Pascal"},
      {"TPU v3", "TPUv3"},
      {"tpu-v2", "TPUv2"},
      {"k80", "K80"},
      {"NVIDIA GeForce RTX 4090", "RTX-4090"},
      {"AMD Instinct MI300X", "MI300X"},
  };
  for (const auto& [name, id] : cases) {
    const auto row = find_accelerator(rows, name);
    ASSERT_TRUE(row) << row.error().message;
    EXPECT_EQ(row->id, id) << name;
  }
}

TEST(Accelerators, NeverMatchAPartOfAName) {
  const auto rows = shipped();
  for (const char* name : {"", "NVIDIA", "Tesla", "V10", "V1000", "Titan", "-", "RTX"}) {
    EXPECT_FALSE(find_accelerator(rows, name)) << name;
  }
}

TEST(Accelerators, UnknownOnesOfferTheNearest) {
  const auto row = find_accelerator(shipped(), "V101");

  ASSERT_FALSE(row);
  EXPECT_EQ(row.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(row.error().message, HasSubstr("unknown device 'V101'; nearest: V100"));
}

TEST(Accelerators, ThePaperPricesAreThere) {
  const auto row = find_accelerator(shipped(), "P100");

  ASSERT_TRUE(row);
  std::set<double> per_hour;
  for (const RentalPrice& price : row->prices) per_hour.insert(price.low.count() * 3600);
  EXPECT_THAT(per_hour, testing::ElementsAre(testing::DoubleEq(0.43), testing::DoubleEq(1.46)));
  EXPECT_DOUBLE_EQ(row->average_power.value->count(), 271);
}

constexpr const char* kHead =
    "id,aliases,vendor,kind,year,tdp_w,tdp_source,memory_gib,memory_source,fp32_tflops,"
    "tensor_tflops,tensor_format,throughput_source,average_w,u_average_w,average_source,note\n";

std::string row_error(const std::string& rows) {
  const auto parsed = parse_accelerators(kHead + rows, "t.csv");
  return parsed ? "" : parsed.error().message;
}

TEST(Accelerators, FiguresWithoutSourceAndDoubledNamesAreRefused) {
  EXPECT_EQ(row_error("X,,V,gpu,2020,300,s,16,s,,,,,,,,\n"), "");
  EXPECT_EQ(row_error("X,,V,gpu,2020,300,,16,s,,,,,,,,\n"),
            "t.csv:2: column 'tdp_source': is empty, but there is a figure");
  EXPECT_EQ(row_error("X,,V,gpu,2020,,s,16,s,,,,,,,,\n"),
            "t.csv:2: column 'tdp_source': has no figure");
  EXPECT_THAT(row_error("X,,V,gpu,2020,300 W,s,16,s,,,,,,,,\n"), HasSubstr("'tdp_w': '300 W'"));
  EXPECT_EQ(row_error("NVIDIA,,V,gpu,2020,300,s,16,s,,,,,,,,\n"), "t.csv:2: 'NVIDIA' is no name");
  EXPECT_THAT(row_error("X,,V,fpga,2020,300,s,16,s,,,,,,,,\n"), HasSubstr("column 'kind'"));
  EXPECT_THAT(row_error("X,,V,gpu,20,300,s,16,s,,,,,,,,\n"), HasSubstr("column 'year'"));
  EXPECT_THAT(row_error("X,,V,gpu,2020,300,s,16,s,,,,,250,,p,\n"), HasSubstr("'u_average_w'"));
  EXPECT_THAT(row_error("X,,V,gpu,2020,300,s,16,s,,9,,s,,,,\n"), HasSubstr("'tensor_format'"));
  EXPECT_EQ(
      row_error("X,y,V,gpu,2020,300,s,16,s,,,,,,,,\nZ,Tesla Y,V,gpu,2020,300,s,16,s,,,,,,,,\n"),
      "t.csv:3: the name 'Tesla Y' leads to X already");
}

TEST(Accelerators, PricesOfUnknownRowsAndRangesUpsideDownAreRefused) {
  auto rows = shipped();
  const std::string head =
      "accelerator,provider,offer,low_per_h,high_per_h,currency,as_of,source\n";
  const auto error = [&](const std::string& line) {
    const auto done = add_prices(head + line, "p.csv", rows);
    return done ? "" : done.error().message;
  };
  EXPECT_EQ(error("T4,g,spot,1,2,USD,2020,s\n"), "");
  EXPECT_THAT(error("T5,g,spot,1,2,USD,2020,s\n"), HasSubstr("p.csv:2: column 'accelerator'"));
  EXPECT_THAT(error("T4,g,spot,2,1,USD,2020,s\n"), HasSubstr("is below low_per_h"));
  EXPECT_THAT(error("T4,g,cheap,1,2,USD,2020,s\n"), HasSubstr("is spot or on-demand"));
  EXPECT_THAT(error("T4,g,spot,1,2,USD,2020,\n"), HasSubstr("column 'source': is empty"));
}

}  // namespace
}  // namespace joulery
