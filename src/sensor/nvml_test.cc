// sensor: NVIDIA boards as they should be: what is read, how it is described, what it adds up to.
#include "sensor/nvml.h"

#include <gmock/gmock.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "sensor/fake_gpus.h"

namespace joulery {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

SensorOptions calibrated_by(const std::string& dir) {
  SensorOptions options;
  options.calibration_dir = dir;
  return options;
}

SensorOptions below(const std::string& sysroot) {
  SensorOptions options;
  options.sysroot = sysroot;
  return options;
}

TEST(NvmlSensor, ReadsEverythingThatABoardHas) {
  FakeGpus fake("model=H100;load=constant:level=500;gain=1;offset=0;noise=0");
  const auto set = fake.open();
  ASSERT_TRUE(set) << set.error().message;
  ASSERT_EQ(set->sensors.size(), 3u);  // the board, the slow readings, the process list

  std::set<std::string> names;
  for (const auto& sensor : set->sensors)
    for (const Channel& channel : sensor->channels()) {
      names.insert(channel.id.substr(channel.component.size() + 1));
      EXPECT_EQ(channel.component, "gpu/" + fake.uuid(0) + "/board");
      EXPECT_EQ(channel.kind, ComponentKind::kGpu);
      EXPECT_EQ(channel.model, "NVIDIA H100 80GB HBM3");
      EXPECT_GT(channel.resolution, 0);
      EXPECT_THAT(channel.flags, Contains("simulated"));
      ASSERT_NE(report_of(*set, channel.id), nullptr);
      EXPECT_EQ(report_of(*set, channel.id)->status, ChannelStatus::kOk);
    }

  EXPECT_EQ(names,
            (std::set<std::string>{
                "energy", "power_instant", "power_average", "utilization", "memory_utilization",
                "memory_used", "temperature", "sm_clock", "memory_clock", "power_limit",
                "power_limit_enforced", "power_limit_default", "throttle_power", "throttle_thermal",
                "throttle_sync_boost", "pcie_rx", "pcie_tx", "foreign_processes"}));
}

TEST(NvmlSensor, GivesValuesInTheirUnits) {
  FakeGpus fake("model=H100;load=constant:level=500;gain=1;offset=0;noise=0");
  const auto set = fake.open();
  ASSERT_TRUE(set);
  fake.set_time(2000);

  const auto value = [&](const char* name) {
    return find_channel(*set, "board", name).read().value().value;
  };

  EXPECT_NEAR(value("power_instant"), 500, 1e-3);
  EXPECT_NEAR(value("energy"), 500 * 2000, 500 * 0.2);
  EXPECT_EQ(value("utilization"), 100);
  EXPECT_EQ(value("power_limit"), 700);
  EXPECT_EQ(value("power_limit_enforced"), 700);
  EXPECT_NEAR(value("sm_clock"), 1.98e9, 1);
  EXPECT_NEAR(value("memory_clock"), 2.619e9, 1);
  EXPECT_GT(value("memory_used"), 40e9);
  EXPECT_GT(value("pcie_rx"), 1e6);
}

TEST(NvmlSensor, CountsTheEnergyThatTheBoardUsed) {
  FakeGpus fake("model=A100;load=square:period=1.3,low=60,high=350;gain=1.03;offset=2;noise=0");
  const auto set = fake.open();
  ASSERT_TRUE(set);
  const FoundChannel energy = find_channel(*set, "board", "energy");

  fake.set_time(1100);
  const double first = energy.read()->value;
  fake.set_time(1700);
  const double last = energy.read()->value;

  const double truth = fake.gpu(0).energy_j(1100, 1700);
  EXPECT_NEAR(last - first, 1.03 * truth + 2 * 600, 0.1 * 360);  // within a tick of the counter
}

TEST(NvmlSensor, DescribesThePowerSensorsByArchitecture) {
  struct Case {
    const char* config;
    const char* channel;
    double update, averaging, duty;
  };
  for (const Case& c : {Case{"model=V100", "power_instant", 0.02, 0.01, 0.5},
                        Case{"model=A100", "power_instant", 0.1, 0.025, 0.25},
                        Case{"model=A40", "power_instant", 0.1, 0.1, 1},
                        Case{"model=A40", "power_average", 0.1, 1, 1},
                        Case{"model=H100", "power_instant", 0.1, 0.025, 0.25},
                        Case{"model=H100", "power_average", 0.1, 1, 1},
                        Case{"model=A40;driver=470.57", "power", 0.1, 1, 1},
                        Case{"model=RTX6000;driver=470.57", "power", 0.1, 0.1, 1},
                        Case{"model=A100;driver=470.57", "power", 0.1, 0.025, 0.25}}) {
    FakeGpus fake(c.config);
    const auto set = fake.open();
    ASSERT_TRUE(set);

    const FoundChannel channel = find_channel(*set, "board", c.channel);

    ASSERT_TRUE(channel) << c.config;
    EXPECT_DOUBLE_EQ(channel->update_period.count(), c.update) << c.config;
    EXPECT_DOUBLE_EQ(channel->averaging.count(), c.averaging) << c.config;
    EXPECT_DOUBLE_EQ(channel->duty, c.duty) << c.config;
    EXPECT_EQ(channel->rule, Rule::kTrapezoid);
    EXPECT_EQ(channel->evidence, Evidence::kIntegrated);
    EXPECT_FALSE(channel->preferred);
  }
}

TEST(NvmlSensor, TellsWhereTheCoverageOfTheCounterIsNotKnown) {
  const auto flags = [](const char* config) {
    FakeGpus fake(config);
    const auto set = fake.open();
    return set ? find_channel(*set, "board", "energy")->flags : std::vector<std::string>{};
  };

  for (const char* config : {"model=A100", "model=H100", "model=A100;driver=470.57",
                             "model=A100;driver=580.159.04", "model=H100;driver=590.10"})
    EXPECT_THAT(flags(config), Contains("counter-coverage-unknown")) << config;
  EXPECT_EQ(flags("model=H100;driver=580.159.04"), std::vector<std::string>{"simulated"});
  for (const char* config : {"model=V100", "model=RTX6000", "model=A40", "model=RTX4090"})
    EXPECT_EQ(flags(config), std::vector<std::string>{"simulated"}) << config;
}

TEST(NvmlSensor, StatesTheAccuracyOfAnUncalibratedBoard) {
  FakeGpus fake("model=A100");
  const auto set = fake.open();
  const FoundChannel energy = find_channel(*set, "board", "energy");

  EXPECT_TRUE(energy->preferred);
  EXPECT_EQ(energy->rule, Rule::kCounter);
  EXPECT_EQ(energy->evidence, Evidence::kMeasured);
  EXPECT_EQ(energy->source, "nvml-counter");
  EXPECT_DOUBLE_EQ(energy->accuracy.gain_u, 0.05);
  EXPECT_NEAR(energy->accuracy.offset_u.count(), 5 / std::sqrt(3), 1e-12);
  EXPECT_DOUBLE_EQ(energy->accuracy.correlation, 0.5);
  EXPECT_EQ(energy->accuracy.family, "NVIDIA A100-SXM4-40GB");
  EXPECT_DOUBLE_EQ(energy->max_power->count(), 600);  // 1.5 x 400 W
}

TEST(NvmlSensor, TakesTheCalibrationOfTheBoard) {
  FakeGpus fake("gpus=2;model=A100");
  std::string dir = testing::TempDir() + "nvml.XXXXXX";
  ASSERT_NE(mkdtemp(dir.data()), nullptr);
  const std::string path = dir + "/" + fake.uuid(1) + ".toml";
  std::ofstream(path) << "gain = 0.96\nu_gain = 0.01\ndriver_major = 550\nfield = \"energy\"\n";

  const auto set = fake.open(calibrated_by(dir));

  ASSERT_TRUE(set) << set.error().message;
  const FoundChannel energy = find_channel(*set, fake.uuid(1), "energy");
  EXPECT_DOUBLE_EQ(energy->accuracy.gain, 0.96);
  EXPECT_EQ(energy->accuracy.source, "calibration " + path);
  EXPECT_DOUBLE_EQ(find_channel(*set, fake.uuid(1), "power_instant")->accuracy.gain, 1);
  EXPECT_DOUBLE_EQ(find_channel(*set, fake.uuid(0), "energy")->accuracy.gain, 1);
  std::filesystem::remove_all(dir);
}

TEST(NvmlSensor, RefusesAMalformedCalibration) {
  FakeGpus fake("model=A100");
  std::string dir = testing::TempDir() + "nvml.XXXXXX";
  ASSERT_NE(mkdtemp(dir.data()), nullptr);
  std::ofstream(dir + "/" + fake.uuid(0) + ".toml") << "gain = \n";

  const auto set = fake.open(calibrated_by(dir));

  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(set.error().message, HasSubstr(fake.uuid(0) + ".toml:1:"));
  std::filesystem::remove_all(dir);
}

TEST(NvmlSensor, ReadsSlowThingsAtTheirOwnPeriod) {
  FakeGpus fake("gpus=4;model=A100");
  const auto set = fake.open();
  ASSERT_EQ(set->sensors.size(), 6u);  // one a board, and two for all

  EXPECT_EQ(set->sensors[0]->pace().period.count(), 0);
  EXPECT_EQ(find_channel(*set, "board", "pcie_rx").sensor->pace().period.count(), 1);
  EXPECT_EQ(find_channel(*set, "board", "power_limit").sensor->pace().period.count(), 1);
  EXPECT_EQ(find_channel(*set, "board", "foreign_processes").sensor->pace().period.count(), 10);
}

TEST(NvmlSensor, GivesTheReadingsOfOneCallOneStampAndGroup) {
  FakeGpus fake("gpus=2;model=H100");
  const auto set = fake.open();
  const std::string board = fake.uuid(1);

  EXPECT_EQ(find_channel(*set, board, "energy")->group,
            find_channel(*set, board, "power_instant")->group);
  EXPECT_EQ(find_channel(*set, board, "utilization")->group,
            find_channel(*set, board, "sm_clock")->group);
  EXPECT_NE(find_channel(*set, board, "energy")->group,
            find_channel(*set, board, "utilization")->group);
  EXPECT_NE(find_channel(*set, board, "pcie_rx")->group,
            find_channel(*set, board, "pcie_tx")->group);
  EXPECT_NE(find_channel(*set, fake.uuid(0), "pcie_rx")->group,
            find_channel(*set, board, "pcie_rx")->group);

  std::vector<Sample> samples;
  ASSERT_TRUE(find_channel(*set, board, "energy").sensor->read(samples));
  ASSERT_EQ(samples.size(), 9u);
  for (const Sample& sample : samples) EXPECT_EQ(sample.time, Instant(Micros(1'000'000'000)));
}

TEST(NvmlSensor, OpensWithoutABlockingCall) {
  FakeGpus fake("gpus=8;model=A100;pcie_ms=20");

  const auto set = fake.open();

  EXPECT_EQ(fake.now(), 1000);  // the call would have moved the clock
  EXPECT_EQ(find_channel(*set, fake.uuid(7), "pcie_tx").read()->half_width_us, 10'000u);
}

TEST(NvmlSensor, SeesWhenTheLimitHoldsTheClockDown) {
  FakeGpus fake("model=A100;load=constant:level=390;root=1");
  const auto set = fake.open();
  const FoundChannel throttled = find_channel(*set, "board", "throttle_power");
  fake.gpu(0).set_limit(1000, 250);

  fake.set_time(1010);
  const double first = throttled.read()->value;
  fake.set_time(1020);

  EXPECT_NEAR(throttled.read()->value - first, 10, 1e-6);
  EXPECT_EQ(find_channel(*set, "board", "power_limit").read()->value, 250);
}

TEST(NvmlSensor, CountsProcessesThatAreNotTheJobs) {
  const std::string self = std::to_string(getpid());
  FakeGpus fake("model=A100;processes=" + self + "+4242+4243+1");
  fake.machine().files().set("/proc/4242/stat", "4242 (python (x) y) S 4241 1 1 0");
  fake.machine().files().set("/proc/4241/stat", "4241 (sh) S " + self + " 1 1 0");
  fake.machine().files().set("/proc/4243/stat", "4243 (other) S 1 1 1 0");
  const auto set = fake.open();

  EXPECT_EQ(find_channel(*set, "board", "foreign_processes").read()->value, 2);
}

TEST(NvmlSensor, SaysWhyThereIsNoLibrary) {
  FakeMachine fake;
  Machine machine = fake.machine();
  SensorSet set;

  ASSERT_TRUE(open_nvml(machine, below("/nonexistent"), set));

  ASSERT_EQ(set.reports.size(), 1u);
  EXPECT_EQ(set.reports[0].id, "gpu/*/board");
  EXPECT_EQ(set.reports[0].status, ChannelStatus::kUnavailable);
  EXPECT_THAT(set.reports[0].why, HasSubstr("/nonexistent/usr/lib/libnvidia-ml.so.1"));
  EXPECT_FALSE(set.reports[0].advice.empty());
}

TEST(NvmlSensor, OpensTheLibraryBelowTheSysroot) {
  std::string root = testing::TempDir() + "nvml.XXXXXX";
  ASSERT_NE(mkdtemp(root.data()), nullptr);
  std::filesystem::create_directories(root + "/usr/lib");
  std::filesystem::copy_file(JOULERY_BINARY_DIR "/standin/libnvidia-ml.so.1",
                             root + "/usr/lib/libnvidia-ml.so.1");
  setenv("JOULERY_STANDIN", "gpus=2;model=V100", 1);
  FakeMachine fake;
  SensorSet set;

  const auto opened = open_nvml(fake.machine(), below(root), set);

  unsetenv("JOULERY_STANDIN");
  std::filesystem::remove_all(root);
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(set.sensors.size(), 4u);
}

TEST(NvmlSensor, SaysThatTheJobMayHaveOtherBoards) {
  FakeNvml fake("gpus=2;model.0=V100;model.1=H100");
  SensorSet set;
  SensorOptions options;
  options.gpus = {.devices = {"0"}, .pci_order = false, .origin = "CUDA_VISIBLE_DEVICES"};

  ASSERT_TRUE(open_nvml_on(*fake.open(), FakeMachine().machine(), options, set));

  ASSERT_FALSE(set.sensors.empty());
  EXPECT_THAT(set.sensors[0]->channels()[0].flags, Contains("gpu-order-unknown"));
  EXPECT_THAT(set.reports[0].why, HasSubstr("may not be the job's"));
  EXPECT_THAT(set.reports[0].advice, HasSubstr("CUDA_DEVICE_ORDER=PCI_BUS_ID"));
}

TEST(NvmlSensor, OpensNothingForAJobWithoutGpus) {
  FakeMachine fake;
  SensorSet set;
  SensorOptions options;
  options.gpus.none = true;
  options.gpus.origin = "CUDA_VISIBLE_DEVICES";

  ASSERT_TRUE(open_nvml(fake.machine(), options, set));

  EXPECT_TRUE(set.sensors.empty());
  ASSERT_EQ(set.reports.size(), 1u);
  EXPECT_THAT(set.reports[0].why, HasSubstr("CUDA_VISIBLE_DEVICES"));
}

}  // namespace
}  // namespace joulery
