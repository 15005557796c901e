// factors: accelerators and CPUs are searched and found in one table.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "joulery/factors.h"

namespace joulery {
namespace {

using testing::HasSubstr;

DeviceTable all_devices() {
  auto table = load_devices({});
  EXPECT_TRUE(table) << table.error().message;
  return table ? *table : DeviceTable{};
}

TEST(Devices, AreFoundByAnyOfTheirNames) {
  const DeviceTable table = all_devices();

  const auto gpu = find_device(table, "Tesla V100");
  ASSERT_TRUE(gpu) << gpu.error().message;
  ASSERT_EQ(gpu->accelerators.size(), 1U);
  EXPECT_EQ(gpu->accelerators[0].id, "V100-SXM2-16GB");
  const auto cpu = find_device(table, "Intel(R) Xeon(R) CPU E5-2620 v3 @ 2.40GHz");
  ASSERT_TRUE(cpu) << cpu.error().message;
  ASSERT_EQ(cpu->cpus.size(), 1U);
  EXPECT_EQ(cpu->cpus[0].tdp, Watts(85));
  EXPECT_EQ(cpu->cpus[0].source, "Intel ARK");
}

TEST(Devices, UnknownOnesOfferTheNearestOfBoth) {
  const auto found = find_device(all_devices(), "AMD EPYC 7743");

  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(found.error().message, HasSubstr("nearest: AMD EPYC 77"));
}

TEST(Devices, ASearchKeepsWhatHoldsEveryWord) {
  const DeviceTable table = all_devices();

  const DeviceTable tpus = search_devices(table, {"GOOGLE", "v3"});
  ASSERT_EQ(tpus.accelerators.size(), 1U);
  EXPECT_EQ(tpus.accelerators[0].id, "TPUv3");
  EXPECT_TRUE(tpus.cpus.empty());
  const DeviceTable epycs = search_devices(table, {"cpu", "epyc"});
  EXPECT_TRUE(epycs.accelerators.empty());
  EXPECT_GT(epycs.cpus.size(), 5U);
  EXPECT_EQ(search_devices(table, {}).accelerators.size(), table.accelerators.size());
  EXPECT_TRUE(search_devices(table, {"no such thing"}).cpus.empty());
}

}  // namespace
}  // namespace joulery
