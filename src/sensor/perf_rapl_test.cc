// sensor: the power PMU of fake machines.
#include "sensor/perf_rapl.h"

#include <gmock/gmock.h>

#include "sensor/fake_machine.h"
#include "sensor/powercap.h"

namespace joulery {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::uint64_t kCountsPerJoule = std::uint64_t{1} << 32;

class PerfRaplTest : public testing::Test {
 protected:
  /// Two sockets with package and DRAM counters, events 2 and 3.
  void add_server() {
    fake_.add_cpus("GenuineIntel", "Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz", 2, 4);
    fake_.add_pmu("0,2", {{2, "energy-pkg"}, {3, "energy-ram"}});
    fake_.add_topology(0, 0, 0);
    fake_.add_topology(2, 1, 0);
    for (const int cpu : {0, 2})
      for (const std::uint64_t event : {2U, 3U}) fake_.perf().set(event, cpu, 1);
  }
  void open() { ASSERT_TRUE(open_perf_rapl(fake_.machine(), {}, set_)); }

  FakeMachine fake_;
  SensorSet set_;
};

TEST_F(PerfRaplTest, ReadsOneCpuOfEachPackage) {
  add_server();
  open();
  fake_.perf().set(2, 2, 5 * kCountsPerJoule);

  EXPECT_THAT(describe(set_), ElementsAre("cpu/0/package", "dram/0", "cpu/1/package", "dram/1"));
  std::vector<Sample> samples;
  ASSERT_TRUE(set_.sensors.at(0)->read(samples));
  ASSERT_EQ(samples.size(), 4u);
  EXPECT_DOUBLE_EQ(samples[2].value, 5);
}

TEST_F(PerfRaplTest, NamesDiesLikePowercapDoes) {
  fake_.add_pmu("0-1", {{2, "energy-pkg"}, {5, "energy-psys"}});
  for (const int cpu : {0, 1}) {
    fake_.add_topology(cpu, 0, cpu);
    fake_.perf().set(2, cpu, 1);
    fake_.perf().set(5, cpu, 1);
  }
  open();

  EXPECT_THAT(describe(set_), ElementsAre("cpu/0-die-0/package < node/psys", "node/psys",
                                          "cpu/0-die-1/package < node/psys"));
}

// As a guest of a hypervisor shows it: tests/fixtures/machines.
TEST_F(PerfRaplTest, ACounterThatStandsAtZeroIsNoSensor) {
  fake_.add_cpus("GenuineIntel", "Intel(R) Xeon(R) Processor", 1, 4, "fpu hypervisor");
  fake_.add_pmu("0", {{2, "energy-pkg"}, {5, "energy-psys"}, {1, "energy-cores"}});
  fake_.add_topology(0, 0, 0);
  for (const std::uint64_t event : {1U, 2U, 5U}) fake_.perf().set(event, 0, 0);
  open();

  // Then the model of the CPU stands in, and cores alone do not pass for it.
  EXPECT_THAT(set_.sensors, IsEmpty());
  EXPECT_FALSE(has_energy(set_, ComponentKind::kCpu));
  EXPECT_THAT(find_report(set_, "cpu/0/core", "perf")->why, HasSubstr("its package"));
  const ChannelReport* const report = find_report(set_, "node/psys", "perf");
  ASSERT_NE(report, nullptr);
  EXPECT_EQ(report->status, ChannelStatus::kUnavailable);
  EXPECT_THAT(report->why, HasSubstr("stands at 0"));
  EXPECT_THAT(report->advice, HasSubstr("on the host"));
}

TEST_F(PerfRaplTest, CoresThatSleepAreReadBesideTheirPackage) {
  fake_.add_pmu("0", {{2, "energy-pkg"}, {1, "energy-cores"}});
  fake_.add_topology(0, 0, 0);
  fake_.perf().set(2, 0, 1);
  fake_.perf().set(1, 0, 0);
  open();

  EXPECT_THAT(describe(set_), ElementsAre("cpu/0/package", "cpu/0/core < cpu/0/package"));
}

TEST_F(PerfRaplTest, CountsADieOnceWhereTwoOfItsCpusAreNamed) {
  fake_.add_pmu("0-1", {{2, "energy-pkg"}});
  for (const int cpu : {0, 1}) {
    fake_.add_topology(cpu, 0, 0);
    fake_.perf().set(2, cpu, 1);
  }
  open();

  EXPECT_THAT(describe(set_), ElementsAre("cpu/0-die-0/package"));
}

TEST_F(PerfRaplTest, LeavesAloneWhatPowercapGives) {
  add_server();
  fake_.add_zone("intel-rapl:0", "package-0", "1");
  fake_.add_zone("intel-rapl:1", "package-1", "1");
  ASSERT_TRUE(open_powercap(fake_.machine(), {}, set_));
  open();

  EXPECT_THAT(describe(set_), ElementsAre("cpu/0/package", "cpu/1/package", "dram/0", "dram/1"));
  EXPECT_EQ(find_report(set_, "cpu/0/package", "perf")->status, ChannelStatus::kUnavailable);
}

TEST_F(PerfRaplTest, StandsInWherePowercapIsDenied) {
  add_server();
  fake_.add_zone("intel-rapl:0", "package-0", "1");
  fake_.files().deny(FakeMachine::energy_file("intel-rapl:0"));
  ASSERT_TRUE(open_powercap(fake_.machine(), {}, set_));
  open();

  EXPECT_EQ(find_report(set_, "cpu/0/package", "powercap")->status, ChannelStatus::kDenied);
  EXPECT_EQ(find_report(set_, "cpu/0/package", "perf")->status, ChannelStatus::kOk);
}

TEST_F(PerfRaplTest, DeniedEventsComeWithTheCapability) {
  add_server();
  fake_.perf().deny();
  open();

  EXPECT_THAT(set_.sensors, IsEmpty());
  const ChannelReport* const report = find_report(set_, "cpu/1/package", "perf");
  ASSERT_NE(report, nullptr);
  EXPECT_EQ(report->status, ChannelStatus::kDenied);
  EXPECT_THAT(report->advice, HasSubstr("perf_event_paranoid"));
  EXPECT_THAT(report->advice, HasSubstr("cap_perfmon"));
}

TEST_F(PerfRaplTest, NeverOpensTheRealMachinesEventsForATreeOfFiles) {
  add_server();
  Machine machine = fake_.machine();
  machine.perf = nullptr;
  ASSERT_TRUE(open_perf_rapl(machine, {}, set_));

  EXPECT_THAT(set_.sensors, IsEmpty());
  EXPECT_EQ(fake_.perf().opened(), 0);
  EXPECT_THAT(find_report(set_, "cpu/0/package", "perf")->why, HasSubstr("--sysroot"));
}

TEST_F(PerfRaplTest, ACountThatFallsIsARestart) {
  add_server();
  open();
  std::vector<Sample> samples;
  fake_.perf().set(2, 0, 9 * kCountsPerJoule);
  ASSERT_TRUE(set_.sensors.at(0)->read(samples));
  samples.clear();

  fake_.perf().set(2, 0, 2 * kCountsPerJoule);
  ASSERT_TRUE(set_.sensors.at(0)->read(samples));

  EXPECT_TRUE(samples[0].restart);
  EXPECT_FALSE(samples[1].restart);
}

TEST_F(PerfRaplTest, IsGoneWhenAllItsEventsAre) {
  add_server();
  open();
  std::vector<Sample> samples;
  fake_.perf().remove(2, 0);
  ASSERT_TRUE(set_.sensors.at(0)->read(samples));
  EXPECT_EQ(samples.size(), 3u);

  fake_.perf().remove(3, 0);
  fake_.perf().remove(2, 2);
  fake_.perf().remove(3, 2);
  samples.clear();
  const auto gone = set_.sensors.at(0)->read(samples);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, ErrorCode::kGone);
}

TEST_F(PerfRaplTest, IsReadOftenEnoughForTheKernelsOwnExtension) {
  add_server();
  open();

  EXPECT_LE(set_.sensors.at(0)->pace().longest.count(), 10);
  EXPECT_GT(set_.sensors.at(0)->pace().longest.count(), 0);
}

TEST_F(PerfRaplTest, SurvivesFilesThatMakeNoSense) {
  const std::string pmu = "/sys/bus/event_source/devices/power";
  for (const char* mask : {"", "a", "3-1", "0-99999999999", "-1", "0,,2", "0,0", "2,0-3"}) {
    FakeMachine other;
    other.add_pmu(mask, {{2, "energy-pkg"}});
    for (const int cpu : {0, 2}) other.perf().set(2, cpu, 1);
    SensorSet set;
    ASSERT_TRUE(open_perf_rapl(other.machine(), {}, set)) << mask;
    EXPECT_THAT(set.sensors, IsEmpty()) << mask;
  }
  add_server();
  for (const auto& [file, text] :
       {std::pair{"energy-pkg", "umask=1"}, std::pair{"energy-pkg.scale", "-1"},
        std::pair{"energy-pkg.scale", "nan"}, std::pair{"energy-pkg.unit", "Watts"}}) {
    FakeMachine other;
    other.add_pmu("0", {{2, "energy-pkg"}});
    other.perf().set(2, 0, 1);
    other.files().set(pmu + "/events/" + file, text);
    SensorSet set;
    ASSERT_TRUE(open_perf_rapl(other.machine(), {}, set));
    EXPECT_THAT(set.sensors, IsEmpty()) << file << " " << text;
  }
}

}  // namespace
}  // namespace joulery
