// factors: shipped TDP, average power and prices against the figures that others publish, where
// those are at hand (JOULERY_TEST_DATA).
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>

#include "base/text.h"
#include "joulery/factors.h"

namespace joulery {
namespace {

class PublishedHardware : public testing::Test {
 protected:
  void SetUp() override {
    const char* data = std::getenv("JOULERY_TEST_DATA");
    if (data == nullptr) GTEST_SKIP() << "JOULERY_TEST_DATA is not set";
    data_ = data;
    auto rows = load_accelerators({});
    ASSERT_TRUE(rows) << rows.error().message;
    rows_ = *rows;
  }

  [[nodiscard]] std::vector<std::vector<std::string>> csv(const std::string& name) const {
    std::ifstream in(data_ + name);
    EXPECT_TRUE(in) << name;
    std::vector<std::vector<std::string>> rows;
    for (std::string line; std::getline(in, line);) {
      if (auto cells = split_csv(line)) rows.push_back(std::move(*cells));
    }
    return rows;
  }

  std::string data_;
  std::vector<Accelerator> rows_;
};

TEST_F(PublishedHardware, TdpIsThatOfGreenAlgorithms) {
  // There the TDP of these two is what the chip draws on average.
  const std::set<std::string> averages{"TPU v3", "TPU v4"};
  std::size_t compared = 0;
  for (const auto& row : csv("/factors/green_algorithms/TDP_gpu.csv")) {
    const auto tdp = row.size() > 1 ? parse_number(row[1]) : std::nullopt;
    const auto ours = find_accelerator(rows_, row[0]);
    if (!tdp || !ours || averages.contains(row[0])) continue;
    EXPECT_EQ(ours->tdp, Watts(*tdp)) << row[0];
    ++compared;
  }
  EXPECT_GE(compared, 14U);
}

TEST_F(PublishedHardware, AveragePowerIsThatOfThePaper) {
  const std::map<std::string, std::string> names{{"tpu_v2_avg_w", "TPUv2"},
                                                 {"tpu_v3_avg_w", "TPUv3"},
                                                 {"p100_avg_w", "P100"},
                                                 {"v100_avg_w", "V100"}};
  std::size_t compared = 0;
  for (const auto& row : csv("/expected/constants.csv")) {
    const auto name = names.find(row[0]);
    if (name == names.end()) continue;
    const auto ours = find_accelerator(rows_, name->second);
    ASSERT_TRUE(ours) << ours.error().message;
    EXPECT_EQ(ours->average_power.value->count(), parse_number(row[1])) << row[0];
    // "W (sd 11%)"
    const auto percent = parse_number(row[2].substr(6, row[2].find('%') - 6));
    ASSERT_TRUE(percent) << row[2];
    EXPECT_NEAR(ours->average_power.u.count(), ours->average_power.value->count() * *percent / 100,
                0.06);
    ++compared;
  }
  EXPECT_EQ(compared, names.size());
}

bool has_price(const Accelerator& row, bool spot, double per_hour) {
  for (const RentalPrice& price : row.prices) {
    const double low = price.low.count() * 3600, high = price.high.count() * 3600;
    if (price.spot == spot && per_hour > low - 1e-9 && per_hour < high + 1e-9) return true;
  }
  return false;
}

TEST_F(PublishedHardware, PricesAreThoseOfTheirSources) {
  std::size_t compared = 0;
  for (const auto& row : csv("/factors/gpu_prices/gpu_hour_usd.csv")) {
    const auto on_demand = parse_number(row.at(6));
    if (!on_demand) continue;
    const auto ours = find_accelerator(rows_, row[0]);
    ASSERT_TRUE(ours) << ours.error().message;
    EXPECT_TRUE(has_price(*ours, false, *on_demand)) << row[0] << ' ' << *on_demand;
    const auto spot = parse_number(row.at(7));
    EXPECT_TRUE(!spot || has_price(*ours, true, *spot)) << row[0];
    ++compared;
  }
  EXPECT_EQ(compared, 15U);
}

}  // namespace
}  // namespace joulery
