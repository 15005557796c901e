// sensor: the zones of real machines, read once each and never counted twice.
#include "sensor/powercap.h"

#include <gmock/gmock.h>

#include "sensor/fake_machine.h"

namespace joulery {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class PowercapTest : public testing::Test {
 protected:
  void open() {
    ASSERT_TRUE(open_powercap(fake_.machine(), {}, set_));
    samples_.reserve(16);
  }
  Result<void> read() {
    samples_.clear();
    return set_.sensors.at(0)->read(samples_);
  }
  void add_intel_package() {
    fake_.add_cpus("GenuineIntel", "Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz", 1, 4);
    fake_.add_zone("intel-rapl:0", "package-0", "1000000");
  }
  static std::string energy(const std::string& entry) { return FakeMachine::energy_file(entry); }

  FakeMachine fake_;
  SensorSet set_;
  std::vector<Sample> samples_;
};

TEST_F(PowercapTest, ReadsPackagesAndMemoryOfATwoSocketServer) {
  fake_.add_cpus("GenuineIntel", "Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz", 2, 80);
  fake_.add_zone("intel-rapl:0", "package-0", "1000000");
  fake_.add_zone("intel-rapl:0:0", "dram", "2000000", "65712999613");
  fake_.add_zone("intel-rapl:1", "package-1", "3000000");
  fake_.add_zone("intel-rapl:1:0", "dram", "4000000", "65712999613");
  open();

  EXPECT_THAT(describe(set_), ElementsAre("cpu/0/package", "dram/0", "cpu/1/package", "dram/1"));
  ASSERT_TRUE(read());
  ASSERT_EQ(samples_.size(), 4u);
  EXPECT_DOUBLE_EQ(samples_[0].value, 1);
  EXPECT_DOUBLE_EQ(samples_[3].value, 4);
  EXPECT_EQ(samples_[3].channel, 3);
  EXPECT_THAT(find_report(set_, "dram/1", "powercap")->why, HasSubstr("intel-rapl:1:0/energy_uj"));
}

TEST_F(PowercapTest, SaysHowSureEachDomainIs) {
  add_intel_package();
  fake_.add_zone("intel-rapl:0:0", "dram", "2000000");
  open();

  const auto channels = set_.sensors.at(0)->channels();
  EXPECT_DOUBLE_EQ(channels[0].accuracy.gain_u, 0.03);
  EXPECT_DOUBLE_EQ(channels[0].accuracy.offset_u.count(), 0);
  EXPECT_DOUBLE_EQ(channels[1].accuracy.gain_u, 0.10);
  EXPECT_NEAR(channels[1].accuracy.offset_u.count(), 1.1547, 1e-4);
  EXPECT_NE(channels[0].accuracy.family, channels[1].accuracy.family);
}

TEST_F(PowercapTest, PartsBelongToTheirPackageAndThePackageToThePlatform) {
  fake_.add_cpus("GenuineIntel", "Intel(R) Core(TM) i7-8750H CPU @ 2.20GHz", 1, 12);
  fake_.add_zone("intel-rapl:0", "package-0", "5000000");
  fake_.add_zone("intel-rapl:0:0", "core", "3000000");
  fake_.add_zone("intel-rapl:0:1", "uncore", "1000000");
  fake_.add_zone("intel-rapl:0:2", "dram", "1000000");
  fake_.add_zone("intel-rapl:1", "psys", "9000000");
  open();

  EXPECT_THAT(describe(set_),
              ElementsAre("cpu/0/package < node/psys", "cpu/0/core < cpu/0/package",
                          "cpu/0/uncore < cpu/0/package", "dram/0 < node/psys", "node/psys"));
  EXPECT_THAT(find_report(set_, "cpu/0/core", "powercap")->why, HasSubstr("part of cpu/0/package"));
  EXPECT_THAT(set_.sensors.at(0)->channels().back().flags, ElementsAre("platform-scope"));
  EXPECT_THAT(set_.sensors.at(0)->channels().front().flags, IsEmpty());
}

TEST_F(PowercapTest, PsysIsNotCountedBesideGpusThatItMaySee) {
  add_intel_package();
  fake_.add_zone("intel-rapl:1", "psys", "9000000");
  set_.sensors.push_back(std::make_unique<FakeGpuSensor>());
  open();

  EXPECT_THAT(describe(set_), ElementsAre("gpu/GPU-0/board", "cpu/0/package", "node/psys"));
  EXPECT_EQ(set_.sensors.at(1)->channels()[1].rule, Rule::kNone);
  EXPECT_FALSE(has_energy(set_, "node/psys"));
}

TEST_F(PowercapTest, APsysThatStandsAtZeroIsNotWired) {
  add_intel_package();
  fake_.add_zone("intel-rapl:1", "psys", "0");
  open();

  EXPECT_THAT(describe(set_), ElementsAre("cpu/0/package"));
  EXPECT_EQ(find_report(set_, "node/psys", "powercap")->status, ChannelStatus::kUnavailable);
}

TEST_F(PowercapTest, DropsTheTwinBehindMmio) {
  add_intel_package();
  fake_.add_zone("intel-rapl-mmio:0", "package-0", "1000000");
  open();

  EXPECT_THAT(describe(set_), ElementsAre("cpu/0/package"));
  ASSERT_EQ(set_.reports.size(), 2u);
  EXPECT_THAT(set_.reports[0].why, HasSubstr("intel-rapl-mmio:0: not read"));
  EXPECT_THAT(set_.reports[1].why, HasSubstr("intel-rapl:0/energy_uj"));
}

TEST_F(PowercapTest, ReadsAmdPackagesWithTheirOwnAccuracy) {
  fake_.add_cpus("AuthenticAMD", "AMD EPYC 7742 64-Core Processor", 1, 128);
  fake_.add_zone("intel-rapl:0", "package-0", "1000000", "65532610987");
  fake_.add_zone("intel-rapl:0:0", "core", "1000", "65532610987");
  open();

  EXPECT_THAT(describe(set_), ElementsAre("cpu/0/package", "cpu/0/core < cpu/0/package"));
  const auto channels = set_.sensors.at(0)->channels();
  EXPECT_DOUBLE_EQ(channels[0].accuracy.gain_u, 0.05);
  EXPECT_THAT(channels[1].flags, ElementsAre("single-core"));
}

TEST_F(PowercapTest, DropsADieThatMirrorsAnother) {
  fake_.add_cpus("AuthenticAMD", "AMD Ryzen Threadripper 2990WX 32-Core Processor", 1, 64);
  fake_.add_zone("intel-rapl:0", "package-0-die-0", "0");
  fake_.add_zone("intel-rapl:1", "package-0-die-1", "0");
  fake_.add_zone("intel-rapl:1:0", "core", "77");
  // The first is read once when it is opened and twice around each read of the second.
  fake_.files().script(energy("intel-rapl:0"),
                       {"10", "10", "10", "25", "25", "47", "47", "60", "60"});
  fake_.files().script(energy("intel-rapl:1"), {"3", "3", "18", "40", "53"});
  open();

  EXPECT_THAT(describe(set_), ElementsAre("cpu/0-die-0/package"));
  EXPECT_THAT(find_report(set_, "cpu/0-die-1/package", "powercap")->why, HasSubstr("in step"));
  EXPECT_NE(find_report(set_, "cpu/0-die-1/core", "powercap"), nullptr);
}

TEST_F(PowercapTest, DropsADieThatStandsAtTheSameValue) {
  fake_.add_zone("intel-rapl:0", "package-0-die-0", "123456789");
  fake_.add_zone("intel-rapl:1", "package-0-die-1", "123456789");
  open();

  EXPECT_THAT(describe(set_), ElementsAre("cpu/0-die-0/package"));
}

TEST_F(PowercapTest, KeepsDiesThatAreTheirOwn) {
  fake_.add_zone("intel-rapl:0", "package-0-die-0", "0");
  fake_.add_zone("intel-rapl:1", "package-0-die-1", "0");
  fake_.files().script(energy("intel-rapl:0"), {"10", "10", "10", "25", "25"});
  fake_.files().script(energy("intel-rapl:1"), {"3", "3", "19"});
  open();

  EXPECT_THAT(describe(set_), ElementsAre("cpu/0-die-0/package", "cpu/0-die-1/package"));
}

TEST_F(PowercapTest, ADieThatMayBeAMirrorCountsOnlyOnceItMovesOnItsOwn) {
  fake_.add_zone("intel-rapl:0", "package-0-die-0", "1000");
  fake_.add_zone("intel-rapl:1", "package-0-die-1", "5000");
  open();
  const auto samples_after = [&](const std::string& first, const std::string& second) {
    fake_.advance(Seconds(0.1));
    fake_.files().set(energy("intel-rapl:0"), first);
    fake_.files().set(energy("intel-rapl:1"), second);
    EXPECT_TRUE(read());
    return samples_.size();
  };

  EXPECT_EQ(samples_after("1000", "5000"), 1u);
  EXPECT_EQ(samples_after("1700", "5700"), 1u);
  EXPECT_EQ(samples_after("2000", "5700"), 1u);  // read between the refreshes of the two
  EXPECT_EQ(samples_after("2000", "6000"), 1u);

  EXPECT_EQ(samples_after("3000", "6001"), 1u);
  EXPECT_EQ(samples_after("4000", "6002"), 1u);
  EXPECT_EQ(samples_after("5000", "6003"), 2u);
}

TEST_F(PowercapTest, AMachineWithoutRaplIsAReport) {
  fake_.files().set("/proc/cpuinfo", "processor : 0\nCPU part : 0xd4f\n");  // as Grace shows itself
  open();

  EXPECT_THAT(set_.sensors, IsEmpty());
  ASSERT_EQ(set_.reports.size(), 2u);
  EXPECT_EQ(set_.reports[0].id, "cpu/*/package");
  EXPECT_EQ(set_.reports[0].status, ChannelStatus::kUnavailable);
}

TEST_F(PowercapTest, DeniedCountersComeWithTheRuleThatOpensThem) {
  add_intel_package();
  fake_.files().deny(energy("intel-rapl:0"));
  open();

  EXPECT_THAT(set_.sensors, IsEmpty());
  ASSERT_EQ(set_.reports.size(), 1u);
  EXPECT_EQ(set_.reports[0].status, ChannelStatus::kDenied);
  EXPECT_THAT(set_.reports[0].why, HasSubstr("energy_uj"));
  EXPECT_THAT(set_.reports[0].advice, HasSubstr("SUBSYSTEM==\"powercap\""));
  EXPECT_THAT(set_.reports[0].advice, HasSubstr("CAP_DAC_READ_SEARCH"));
}

TEST_F(PowercapTest, CoresWithoutTheirPackageAreNotTakenForTheCpu) {
  add_intel_package();
  fake_.add_zone("intel-rapl:0:0", "core", "1000");
  fake_.files().deny(energy("intel-rapl:0"));
  open();

  EXPECT_THAT(set_.sensors, IsEmpty());
}

TEST_F(PowercapTest, FindsZonesBelowTheDeviceWhereThereIsNoClass) {
  const std::string device = "/sys/devices/virtual/powercap/intel-rapl/intel-rapl:0";
  for (const std::string& zone : {device, device + "/intel-rapl:0:0"}) {
    fake_.files().set(zone + "/name", zone == device ? "package-0" : "dram");
    fake_.files().set(zone + "/max_energy_range_uj", "262143328850");
    fake_.files().set(zone + "/energy_uj", "5");
  }
  open();

  EXPECT_THAT(describe(set_), ElementsAre("cpu/0/package", "dram/0"));
}

TEST_F(PowercapTest, AFailedReadIsAbsentAndNeverAWrap) {
  add_intel_package();
  open();
  ASSERT_TRUE(read());

  fake_.advance(Seconds(0.1));
  fake_.files().fail(energy("intel-rapl:0"), ErrorCode::kInvalid);  // ENODATA, say
  const auto failed = read();
  EXPECT_TRUE(samples_.empty());
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kTransient);

  fake_.advance(Seconds(0.1));
  fake_.files().set(energy("intel-rapl:0"), "3000000");
  ASSERT_TRUE(read());
  EXPECT_DOUBLE_EQ(samples_.at(0).value, 3);
  EXPECT_FALSE(samples_.at(0).restart);
}

TEST_F(PowercapTest, TextThatIsNotANumberIsAbsent) {
  add_intel_package();
  open();

  for (const char* text : {"", "x", "-5", "1 2", "99999999999999999999999"}) {
    fake_.files().set(energy("intel-rapl:0"), text);
    EXPECT_TRUE(read());
    EXPECT_TRUE(samples_.empty()) << text;
  }
}

TEST_F(PowercapTest, AVanishedZoneEndsTheSensorOnlyWhenItIsTheLast) {
  add_intel_package();
  fake_.add_zone("intel-rapl:1", "package-1", "2000000");
  open();

  fake_.files().remove(energy("intel-rapl:0"));
  ASSERT_TRUE(read());
  ASSERT_EQ(samples_.size(), 1u);
  EXPECT_EQ(samples_[0].channel, 1);

  fake_.files().remove(energy("intel-rapl:1"));
  const auto gone = read();
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, ErrorCode::kGone);
}

TEST_F(PowercapTest, CountsAcrossOneWrapAndFlagsALongPause) {
  add_intel_package();
  fake_.files().set(energy("intel-rapl:0"), "262143000000");
  open();
  ASSERT_TRUE(read());
  const double before = samples_.at(0).value;

  fake_.advance(Seconds(0.1));
  fake_.files().set(energy("intel-rapl:0"), "671149");
  ASSERT_TRUE(read());
  EXPECT_NEAR(samples_.at(0).value - before, 1.0, 1e-6);
  EXPECT_FALSE(samples_.at(0).restart);

  fake_.advance(std::chrono::minutes(10));
  ASSERT_TRUE(read());
  EXPECT_TRUE(samples_.at(0).restart);
}

TEST_F(PowercapTest, StatesHowOftenItMustBeReadFromTheLimitsOfTheZone) {
  add_intel_package();
  fake_.add_zone("intel-rapl:1", "package-1", "1", "65532610987");
  const std::string zone = "/sys/class/powercap/intel-rapl:1";
  fake_.files().set(zone + "/constraint_0_max_power_uw", "150000000");
  fake_.files().set(zone + "/constraint_1_power_limit_uw", "4095875000");  // "no limit"
  open();

  EXPECT_NEAR(set_.sensors.at(0)->pace().longest.count(), 65'532.6 / 1000 / 8, 1e-3);
  EXPECT_EQ(set_.sensors.at(0)->pace().period.count(), 0);

  fake_.files().set(zone + "/constraint_1_power_limit_uw", "200000000");
  set_ = {};
  open();
  EXPECT_DOUBLE_EQ(set_.sensors.at(0)->pace().longest.count(), 10);
  EXPECT_DOUBLE_EQ(set_.sensors.at(0)->channels()[1].max_power->count(), 400);
}

TEST_F(PowercapTest, StampsEachReadInItsMiddle) {
  add_intel_package();
  Machine machine = fake_.machine();
  machine.now = [&] {
    fake_.advance(Seconds(10e-6));
    return fake_.machine().now();
  };
  ASSERT_TRUE(open_powercap(machine, {}, set_));
  const Instant start = fake_.machine().now();
  samples_.reserve(4);
  ASSERT_TRUE(set_.sensors.at(0)->read(samples_));

  EXPECT_EQ(samples_.at(0).time - start, Micros(15));
  EXPECT_EQ(samples_.at(0).half_width_us, 5u);
}

}  // namespace
}  // namespace joulery
