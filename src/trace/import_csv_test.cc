// trace: imports of plain CSV, and of what `joulery export` writes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "trace/import_fixture.h"

namespace joulery {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

TEST(ImportCsv, DevicesArePartOfTheOneNodeOfTheirLog) {
  const std::string rows =
      "timestamp,device,kind,power_w\n2024-01-01T00:00:00Z,n,node,400\n"
      "2024-01-01T00:00:00Z,0,gpu,100\n";
  const auto one = import_texts({rows});
  const auto two = import_texts({rows + "2024-01-01T00:00:00Z,m,node,300\n"});

  ASSERT_TRUE(one && two);
  EXPECT_EQ(channel_of(*one->trace, "gpu/0/power_w").part_of, "node/n");
  EXPECT_FALSE(channel_of(*one->trace, "node/n/power_w").part_of);
  EXPECT_FALSE(channel_of(*two->trace, "gpu/0/power_w").part_of);
  EXPECT_THAT(flag_of(*two->trace, "several_nodes"), HasSubstr("2 nodes"));
}

TEST(ImportCsv, ReadsPowerAndEnergyOfDevices) {
  const auto imported =
      import_texts({"timestamp,device,kind,power_w,energy_kwh\n"
                    "2023-07-08T19:28:27Z,a,gpu,100,1\n"
                    "1688844508,a,gpu,110,\n"
                    "1688844508500,a,gpu,x,2\n"});

  ASSERT_TRUE(imported) << imported.error().message;
  const Trace& trace = *imported->trace;
  EXPECT_THAT(points_of(trace, "gpu/a/power_w"), ElementsAre(Pair(0, 100), Pair(1, 110)));
  EXPECT_THAT(points_of(trace, "gpu/a/energy_kwh"), ElementsAre(Pair(0, 3.6e6)));
  EXPECT_TRUE(channel_of(trace, "gpu/a/energy_kwh").preferred);
  EXPECT_EQ(flag_of(trace, "garbled_line"), "garbled_line: a.log:4");
}

TEST(ImportCsv, KeepsModelSourceAndFlagsOfAnExport) {
  const auto imported = import_texts(
      {"time_us,channel,component,kind,measure,unit,value,half_width_us,restart,class,part_of,"
       "model,source,flags\n"
       "1688844507000000,gpu/G/e,gpu/G,gpu,energy,J,5.5,20,0,measured,,NVIDIA A100-SXM4-40GB,"
       "nvml-counter,simulated;counter-coverage-unknown\n"
       "1688844507000000,gpu/G/p,gpu/G,gpu,power,W,50,20,0,integrated,,NVIDIA H100 80GB HBM3,"
       "nvml-power-instant,simulated;mig-parent;;\n"});

  ASSERT_TRUE(imported) << imported.error().message;
  const Channel& energy = channel_of(*imported->trace, "gpu/G/e");
  EXPECT_EQ(energy.model, "NVIDIA A100-SXM4-40GB");
  EXPECT_EQ(energy.source, "nvml-counter");
  EXPECT_THAT(energy.flags, ElementsAre("counter-coverage-unknown", "simulated"));
  const Channel& power = channel_of(*imported->trace, "gpu/G/p");
  EXPECT_THAT(power.flags, ElementsAre("simulated", "mig-parent"));
  EXPECT_DOUBLE_EQ(power.duty, 0.25);  // power.draw of this board would see all of the time
}

TEST(ImportCsv, ReadsWhatExportWrites) {
  const auto imported =
      import_texts({"# joulery\n"
                    "time_us,channel,component,kind,measure,unit,value,half_width_us,restart\n"
                    "1688844507000000,gpu/G/board/energy,gpu/G/board,gpu,energy,J,5.5,20,0\n"
                    "1688844508000000,gpu/G/board/energy,gpu/G/board,gpu,energy,J,1.5,20,1\n"
                    "1688844508000000,cpu/0/util,cpu/0,cpu,utilization,%,50,0,0\n"});

  ASSERT_TRUE(imported) << imported.error().message;
  const Trace& trace = *imported->trace;
  EXPECT_EQ(imported->format, "joulery");
  EXPECT_THAT(points_of(trace, "gpu/G/board/energy"), ElementsAre(Pair(0, 5.5), Pair(1, 1.5)));
  EXPECT_EQ(channel_of(trace, "gpu/G/board/energy").rule, Rule::kCounter);
  EXPECT_EQ(channel_of(trace, "cpu/0/util").rule, Rule::kNone);
}

}  // namespace
}  // namespace joulery
