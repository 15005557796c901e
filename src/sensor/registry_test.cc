// sensor: what whole machines give, the best source of each part once.
#include "sensor/registry.h"

#include <gmock/gmock.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "sensor/fake_gpus.h"
#include "sensor/host_usage.h"

namespace joulery {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

TEST(Registry, ModelsArePartOfAModuleThatHoldsTheProcessor) {
  FakeGpus gpus("model=GH200;load=constant:level=400;fault=module");
  gpus.machine().add_cpus("ARM", "Neoverse-V2", 1, 72);
  gpus.machine().set_usage(10, 100);
  auto set = gpus.open();
  ASSERT_TRUE(set);

  ASSERT_TRUE(open_host_usage(gpus.machine().machine(), {}, *set));

  const std::string module = "gpu/" + gpus.uuid(0) + "/module";
  EXPECT_THAT(describe(*set), Contains("cpu/model < " + module));
  EXPECT_THAT(describe(*set), Contains("dram/model < " + module));
}

TEST(Registry, AnIntelServerIsMeasuredAndNotModelled) {
  FakeMachine fake;
  fake.add_cpus("GenuineIntel", "Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz", 1, 4);
  fake.add_zone("intel-rapl:0", "package-0", "1");
  fake.add_zone("intel-rapl:0:0", "dram", "1");
  fake.set_usage(1, 2);

  const auto set = open_sensors_on(fake.machine(), {});

  ASSERT_TRUE(set);
  EXPECT_THAT(describe(*set),
              ElementsAre("cpu/0/package", "dram/0", "cpu/all", "cpu/all", "dram/all"));
}

TEST(Registry, AnAmdServerKeepsTheModelOfItsMemory) {
  FakeMachine fake;
  fake.add_cpus("AuthenticAMD", "AMD EPYC 7742 64-Core Processor", 1, 128);
  fake.add_zone("intel-rapl:0", "package-0", "1");
  fake.set_usage(1, 2);

  const auto set = open_sensors_on(fake.machine(), {});

  ASSERT_TRUE(set);
  EXPECT_THAT(describe(*set), Contains("dram/model"));
  EXPECT_THAT(describe(*set), Not(Contains("cpu/model")));
}

TEST(Registry, ModelsUnderPsysAreNotCountedBesideIt) {
  FakeMachine fake;
  fake.add_zone("intel-rapl:0", "package-0", "1");
  fake.add_zone("intel-rapl:1", "psys", "1");
  fake.set_usage(1, 2);

  const auto set = open_sensors_on(fake.machine(), {});

  ASSERT_TRUE(set);
  EXPECT_THAT(describe(*set), Contains("dram/model < node/psys"));
}

TEST(Registry, AnEmptyMachineIsReportsAlone) {
  FakeMachine fake;

  const auto set = open_sensors_on(fake.machine(), {});

  ASSERT_TRUE(set);
  EXPECT_TRUE(set->sensors.empty());
  EXPECT_FALSE(set->reports.empty());
  for (const ChannelReport& report : set->reports) {
    EXPECT_NE(report.status, ChannelStatus::kOk) << report.id;
    EXPECT_FALSE(report.why.empty()) << report.id;
  }
}

TEST(Registry, SurvivesMachinesThatMakeNoSense) {
  const std::vector<std::string> texts = {"",
                                          "0",
                                          "1",
                                          "-1",
                                          "18446744073709551615",
                                          "package-0",
                                          "package-",
                                          "psys",
                                          "dram",
                                          "core",
                                          "event=0x02",
                                          "nan",
                                          "1e308",
                                          "Joules",
                                          "0-1",
                                          std::string(5000, '9'),
                                          "\xff\n\0:"};
  std::mt19937 random(11);
  for (int round = 0; round < 500; ++round) {
    FakeMachine fake;
    fake.add_cpus("GenuineIntel", "Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz", 1, 2);
    fake.add_pmu("0", {{2, "energy-pkg"}, {3, "energy-ram"}});
    fake.perf().set(2, 0, random());
    for (const char* entry :
         {"intel-rapl:0", "intel-rapl:0:0", "intel-rapl:1", "intel-rapl-mmio:0"})
      fake.add_zone(entry, "package-0", "1", "262143328850");
    fake.set_usage(1, 2);
    const std::vector<std::string> paths = fake.paths();
    const auto scramble = [&](int times) {
      for (int i = 0; i < times; ++i)
        fake.files().set(paths[random() % paths.size()], texts[random() % texts.size()]);
    };
    scramble(6);

    const auto set = open_sensors_on(fake.machine(), {});

    ASSERT_TRUE(set);
    for (int tick = 0; tick < 3; ++tick) {
      std::vector<Sample> samples;
      for (const auto& sensor : set->sensors) static_cast<void>(sensor->read(samples));
      for (const Sample& sample : samples) ASSERT_TRUE(std::isfinite(sample.value));
      fake.advance(Seconds(0.1));
      scramble(3);
    }
  }
}

TEST(Registry, OpensTheMachineThatItRunsOn) {
  const auto set = open_sensors({});

  ASSERT_TRUE(set);
  ASSERT_FALSE(set->sensors.empty());
  std::vector<Sample> samples;
  for (const auto& sensor : set->sensors) {
    EXPECT_FALSE(sensor->channels().empty());
    EXPECT_TRUE(sensor->read(samples));
    for (const Channel& channel : sensor->channels())
      EXPECT_GT(channel.resolution, 0) << channel.id;
  }
  EXPECT_FALSE(samples.empty());
}

TEST(Registry, ATreeOfFilesReplacesTheMachine) {
  std::string root = testing::TempDir() + "joulery_machine_XXXXXX";
  ASSERT_NE(::mkdtemp(root.data()), nullptr);
  const std::string zone = root + "/sys/devices/virtual/powercap/intel-rapl/intel-rapl:0";
  std::filesystem::create_directories(zone);
  std::filesystem::create_directories(root + "/sys/class/powercap");
  std::filesystem::create_symlink("../../devices/virtual/powercap/intel-rapl/intel-rapl:0",
                                  root + "/sys/class/powercap/intel-rapl:0");
  std::ofstream(zone + "/name") << "package-0\n";
  std::ofstream(zone + "/max_energy_range_uj") << "262143328850\n";
  std::ofstream(zone + "/energy_uj") << "7000000\n";
  SensorOptions options;
  options.sysroot = root;

  const auto set = open_sensors(options);

  ASSERT_TRUE(set);
  EXPECT_THAT(describe(*set), ElementsAre("cpu/0/package"));
  std::vector<Sample> samples;
  ASSERT_TRUE(set->sensors.at(0)->read(samples));
  EXPECT_DOUBLE_EQ(samples.at(0).value, 7);
  std::filesystem::remove_all(root);
}

TEST(Registry, AnAbsentTreeIsAnEmptyMachine) {
  SensorOptions options;
  options.sysroot = testing::TempDir() + "joulery_absent";

  const auto set = open_sensors(options);

  ASSERT_TRUE(set);
  EXPECT_TRUE(set->sensors.empty());
}

}  // namespace
}  // namespace joulery
