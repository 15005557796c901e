// factors: every row can be found and is plausible.
#include "factors/cpus.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace joulery {
namespace {

TEST(CpuFactors, FindsTheNamesThatKernelsGive) {
  const std::pair<const char*, double> cases[] = {
      {"AMD EPYC 8024P 8-Core Processor", 90},
      {"Intel(R) Xeon(R) CPU E5-2620 v3 @ 2.40GHz", 85},
      {"Intel(R) Xeon(R) Platinum 8375C CPU @ 2.90GHz", 300},
      {"INTEL(R) XEON(R) PLATINUM 8592+", 350},
      {"AMD EPYC 7742 64-Core Processor", 225},
      {"12th Gen Intel(R) Core(TM) i7-12700K", 125},
      {"AMD Ryzen 7 PRO 4750U with Radeon Graphics", 15},
      {"AMD Ryzen Threadripper 3970X 32-Core Processor", 280},
  };
  for (const auto& [name, tdp] : cases) {
    const auto row = find_cpu_factor(name);
    ASSERT_TRUE(row) << name;
    EXPECT_EQ(row->tdp.count(), tdp) << name;
  }
}

TEST(CpuFactors, NeverMatchesAPartOfAName) {
  for (const char* name : {"", "AMD EPYC", "Intel(R) Xeon(R) CPU @ 2.20GHz", "AMD EPYC 7742X",
                           "Intel(R) Xeon(R) CPU E5-2620 @ 2.00GHz", "@", "(R)(TM)"})
    EXPECT_FALSE(find_cpu_factor(name)) << name;
}

TEST(CpuFactors, EveryRowIsPlausibleAndFindsItself) {
  for (const CpuFactor& row : cpu_factors()) {
    const std::string name(row.name);
    EXPECT_TRUE(row.tdp >= Watts(10) && row.tdp <= Watts(500)) << name;
    EXPECT_TRUE(row.threads >= 8 && row.threads <= 384) << name;
    EXPECT_TRUE(row.year >= 2012 && row.year <= 2025) << name;
    const auto found = find_cpu_factor(name);
    ASSERT_TRUE(found) << name;
    EXPECT_EQ(found->name, row.name) << "two rows of one name";
  }
}

}  // namespace
}  // namespace joulery
