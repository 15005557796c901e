// hw: /proc as kernels write it, and as nobody should.
#include "hw/proc_files.h"

#include <gtest/gtest.h>

#include <random>

namespace joulery {
namespace {

std::string processor(int number, int package, const std::string& flags = "fpu sse2") {
  return "processor\t: " + std::to_string(number) +
         "\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Xeon(R) CPU E5-2620 v3 @ 2.40GHz\n"
         "physical id\t: " +
         std::to_string(package) + "\nflags\t\t: " + flags + "\n\n";
}

TEST(CpuInfo, CountsThreadsAndPackages) {
  const CpuInfo info =
      parse_cpu_info(processor(0, 0) + processor(1, 1) + processor(2, 0) + processor(3, 1));

  EXPECT_EQ(info.model, "Intel(R) Xeon(R) CPU E5-2620 v3 @ 2.40GHz");
  EXPECT_EQ(info.vendor, "GenuineIntel");
  EXPECT_EQ(info.threads, 4u);
  EXPECT_EQ(info.sockets, 2u);
  EXPECT_FALSE(info.virtual_machine);
}

TEST(CpuInfo, SeesAHypervisorByItsWholeFlag) {
  EXPECT_TRUE(parse_cpu_info(processor(0, 0, "fpu hypervisor lahf_lm")).virtual_machine);
  EXPECT_FALSE(parse_cpu_info(processor(0, 0, "fpu nohypervisor")).virtual_machine);
}

TEST(CpuInfo, AnArmMachineHasOneSocketAndNoModel) {
  const CpuInfo info = parse_cpu_info("processor\t: 0\nCPU part\t: 0xd4f\n\nprocessor\t: 1\n");

  EXPECT_EQ(info.model, "");
  EXPECT_EQ(info.threads, 2u);
  EXPECT_EQ(info.sockets, 1u);
}

TEST(CpuTimes, BusyLeavesOutIdleWaitingAndStolenTime) {
  const auto times = parse_cpu_times("cpu  100 20 30 4000 500 6 7 80 9 0\ncpu0 1 2 3\n");

  ASSERT_TRUE(times);
  EXPECT_DOUBLE_EQ(times->busy, 1.63);
  EXPECT_DOUBLE_EQ(times->total, 47.43);
}

TEST(CpuTimes, RefusesALineThatIsNotWhole) {
  for (const char* text :
       {"", "cpu", "cpu ", "cpu0 1 2 3 4 5 6 7 8", "cpu  1 2 3 4 5 6 7", "cpu a"})
    EXPECT_FALSE(parse_cpu_times(text)) << text;
}

TEST(MemoryUse, IsTotalLessAvailable) {
  const auto memory = parse_memory_use("MemTotal: 2048 kB\nMemFree: 1 kB\nMemAvailable:  512 kB\n");

  ASSERT_TRUE(memory);
  EXPECT_EQ(memory->total, 2048u * 1024);
  EXPECT_EQ(memory->used, 1536u * 1024);
}

TEST(MemoryUse, RefusesAbsentAndAbsurdNumbers) {
  for (const char* text : {"", "MemTotal: 2048 kB\n", "MemTotal: 0 kB\nMemAvailable: 0 kB\n",
                           "MemTotal: 1 kB\nMemAvailable: 2 kB\n", "MemTotal: x kB\n",
                           "MemTotal: 18446744073709551615 kB\nMemAvailable: 1 kB\n"})
    EXPECT_FALSE(parse_memory_use(text)) << text;
}

TEST(ProcFiles, SurviveAnyBytes) {
  std::mt19937 random(7);
  const std::string seed = processor(0, 0) + "cpu  1 2 3 4 5 6 7 8\nMemTotal: 1 kB\n";
  for (int round = 0; round < 2000; ++round) {
    std::string text = seed.substr(0, random() % (seed.size() + 1));
    for (int i = 0; i < 8 && !text.empty(); ++i)
      text[random() % text.size()] = static_cast<char>(random());

    const CpuInfo info = parse_cpu_info(text);
    EXPECT_GE(info.sockets, 1u);
    static_cast<void>(parse_cpu_times(text));
    static_cast<void>(parse_memory_use(text));
  }
}

}  // namespace
}  // namespace joulery
