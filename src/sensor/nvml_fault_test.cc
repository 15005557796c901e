// sensor: NVIDIA boards as they should not be: what fails costs itself and no more, and nothing
// becomes a wrong number.
#include <gmock/gmock.h>

#include "sensor/fake_gpus.h"

namespace joulery {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(NvmlFault, NoGpuIsAReport) {
  FakeGpus fake("gpus=0");
  const auto set = fake.open();

  ASSERT_TRUE(set);
  EXPECT_TRUE(set->sensors.empty());
  ASSERT_EQ(set->reports.size(), 1u);
  EXPECT_THAT(set->reports[0].why, HasSubstr("sees no GPU"));
}

TEST(NvmlFault, NoGpuIsAnErrorWhereTheUserNamedOne) {
  FakeGpus fake("gpus=0");
  SensorOptions options;
  options.gpus.devices = {"0"};
  options.gpus.origin = "--gpus";
  const auto set = fake.open(options);

  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(set.error().message, HasSubstr("--gpus: '0'"));
}

TEST(NvmlFault, BoardsThatDoNotLetUsInAreKnownAsUnread) {
  FakeMachine fake;
  const auto boards_after = [&](const Error& error) {
    SensorSet set;
    EXPECT_TRUE(leave_out_nvml(error, fake.machine(), {}, set));
    return describe(set);
  };
  const Error no_library{ErrorCode::kUnavailable, "libnvidia-ml.so.1: cannot open"};

  EXPECT_THAT(boards_after({ErrorCode::kDenied, "nvmlInit: Insufficient Permissions (4)"}),
              ElementsAre("gpu/*/board"));
  EXPECT_THAT(boards_after({ErrorCode::kUnavailable, "nvmlInit: version mismatch (18)"}),
              ElementsAre("gpu/*/board"));
  EXPECT_THAT(boards_after({ErrorCode::kUnavailable, "nvmlInit: Driver Not Loaded (9)"}),
              IsEmpty());
  EXPECT_THAT(boards_after(no_library), IsEmpty());

  fake.files().set("/proc/driver/nvidia/version", "NVRM version");
  EXPECT_THAT(boards_after(no_library), ElementsAre("gpu/*/board"));
}

TEST(NvmlFault, ALibraryOfAnotherVersionThanItsModuleWantsARestart) {
  FakeNvml nvml("fault=init:code=18");
  FakeMachine machine;
  SensorSet set;

  const auto opened = nvml.open();

  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr("Driver/library version mismatch (18)"));
  ASSERT_TRUE(leave_out_nvml(opened.error(), machine.machine(), {}, set));
  EXPECT_THAT(set.reports.at(0).advice, HasSubstr("restart"));
}

TEST(NvmlFault, OldLibraryIsReadCallByCall) {
  FakeGpus fake(
      "model=V100;load=constant:level=200;gain=1;offset=0;noise=0;"
      "fault=missing:call=nvmlDeviceGetFieldValues");
  const auto set = fake.open();
  ASSERT_TRUE(set);

  EXPECT_NEAR(find_channel(*set, "board", "power").read()->value, 200, 1e-3);
  EXPECT_NEAR(find_channel(*set, "board", "energy").read()->value, 200e3, 20);
  EXPECT_EQ(find_channel(*set, "board", "power_limit").read()->value, 250);
  EXPECT_FALSE(find_channel(*set, "board", "throttle_power"));
}

TEST(NvmlFault, OlderEnergyFieldServesWhereTheNewOneIsNotKnown) {
  FakeGpus fake("model=A100;load=constant:level=200;gain=1;offset=0;driver=470.57.02");
  const auto set = fake.open();

  EXPECT_NEAR(find_channel(*set, "board", "energy").read()->value, 200e3, 25);
  EXPECT_TRUE(find_channel(*set, "board", "power"));
  EXPECT_FALSE(find_channel(*set, "board", "power_instant"));
}

TEST(NvmlFault, WithoutACounterPowerGivesTheEnergy) {
  const std::string no_counter =
      "fault=unsupported:field=191;fault=unsupported:field=83;"
      "fault=unsupported:call=nvmlDeviceGetTotalEnergyConsumption";
  FakeGpus hopper("model=H100;" + no_counter);
  const auto set = hopper.open();
  EXPECT_TRUE(find_channel(*set, "board", "power_average")
                  ->preferred);  // the instant looks away 75 % of the time
  EXPECT_FALSE(find_channel(*set, "board", "power_instant")->preferred);
  EXPECT_EQ(report_of(*set, "gpu/" + hopper.uuid(0) + "/board/energy")->status,
            ChannelStatus::kUnavailable);

  FakeGpus ampere("model=A100;" + no_counter);
  EXPECT_TRUE(find_channel(*ampere.open(), "board", "power_instant")->preferred);
}

TEST(NvmlFault, WhatIsNotSupportedIsReportedAndNotRead) {
  FakeGpus fake(
      "model=A100;fault=unsupported:call=nvmlDeviceGetTemperature;fault=denied:field=186");
  const auto set = fake.open();
  const std::string board = "gpu/" + fake.uuid(0) + "/board/";

  EXPECT_FALSE(find_channel(*set, "board", "temperature"));
  const ChannelReport* temperature = report_of(*set, board + "temperature");
  ASSERT_NE(temperature, nullptr);
  EXPECT_EQ(temperature->status, ChannelStatus::kUnavailable);
  EXPECT_THAT(temperature->why, HasSubstr("nvmlDeviceGetTemperature: Not Supported (3)"));
  const ChannelReport* power = report_of(*set, board + "power_instant");
  ASSERT_NE(power, nullptr);
  EXPECT_EQ(power->status, ChannelStatus::kDenied);
  EXPECT_FALSE(power->advice.empty());
}

TEST(NvmlFault, FieldThatFailsInMidRunIsAbsentNotZero) {
  FakeGpus fake("model=A100;load=constant:level=200;fault=unsupported:field=186,at=50");
  const auto set = fake.open();
  ASSERT_TRUE(find_channel(*set, "board", "power_instant").read());

  fake.set_time(1060);

  EXPECT_FALSE(find_channel(*set, "board", "power_instant").read());
  EXPECT_TRUE(find_channel(*set, "board", "energy").read());
}

TEST(NvmlFault, LostBoardIsGoneAndTheOthersGoOn) {
  FakeGpus fake("gpus=2;model=A100;fault=lost:gpu=0,at=50");
  const auto set = fake.open();
  const FoundChannel lost = find_channel(*set, fake.uuid(0), "energy");
  const FoundChannel other = find_channel(*set, fake.uuid(1), "energy");
  const FoundChannel slow = find_channel(*set, fake.uuid(1), "power_limit");

  fake.set_time(1060);

  std::vector<Sample> samples;
  const auto read = lost.sensor->read(samples);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kGone);
  EXPECT_TRUE(samples.empty());
  EXPECT_TRUE(other.read());
  EXPECT_TRUE(slow.read());
}

TEST(NvmlFault, BoardLostBeforehandIsAReport) {
  FakeGpus fake("gpus=2;model=A100;fault=lost:gpu=0");
  const auto set = fake.open();

  ASSERT_TRUE(set);
  EXPECT_TRUE(find_channel(*set, fake.uuid(1), "energy"));
  const ChannelReport* report = report_of(*set, "gpu/0/board");
  ASSERT_NE(report, nullptr);
  EXPECT_THAT(report->why, HasSubstr("GPU is lost"));
  const FoundChannel unread = find_channel(*set, "gpu/0/board", "energy");
  ASSERT_TRUE(unread);
  EXPECT_EQ(unread->rule, Rule::kNone);
  EXPECT_FALSE(unread.read());
}

TEST(NvmlFault, PassingFailureCostsATick) {
  FakeGpus fake("model=A100;fault=transient:at=50,for=10");
  const auto set = fake.open();
  Sensor& sensor = *find_channel(*set, "board", "energy").sensor;
  std::vector<Sample> samples;

  fake.set_time(1055);
  const auto failed = sensor.read(samples);
  fake.set_time(1061);
  const auto later = sensor.read(samples);

  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kTransient);
  EXPECT_TRUE(later);
  EXPECT_EQ(samples.size(), 8u);
}

TEST(NvmlFault, SlowDriverIsAskedLessOften) {
  FakeGpus fake("model=A100;fault=slow:call=nvmlDeviceGetFieldValues,ms=30,at=1");
  const auto set = fake.open();
  Sensor& sensor = *find_channel(*set, "board", "energy").sensor;
  fake.set_time(1002);
  std::vector<Sample> samples;

  for (int tick = 0; tick < 100; ++tick) ASSERT_TRUE(sensor.read(samples));
  EXPECT_EQ(samples.front().half_width_us,
            15'000u);  // the truth was read within +- half of the call
  EXPECT_EQ(samples.size(), 800u);
  for (int tick = 0; tick < 100; ++tick) ASSERT_TRUE(sensor.read(samples));
  EXPECT_EQ(samples.size(), 1200u);
}

TEST(NvmlFault, CounterThatBeginsAnewSaysSo) {
  for (const std::string path : {"", "fault=missing:call=nvmlDeviceGetFieldValues;"}) {
    FakeGpus fake("model=A100;load=constant:level=200;" + path + "fault=reset:at=50");
    const auto set = fake.open();
    const FoundChannel energy = find_channel(*set, "board", "energy");

    fake.set_time(1049);
    EXPECT_FALSE(energy.read()->restart);
    fake.set_time(1051);
    EXPECT_TRUE(energy.read()->restart);
    fake.set_time(1052);
    EXPECT_FALSE(energy.read()->restart);
  }
}

TEST(NvmlFault, FrozenCounterAndSpikePassThroughUnchanged) {
  FakeGpus frozen("model=A100;load=constant:level=200;fault=frozen:at=50");
  const auto set = frozen.open();
  const FoundChannel energy = find_channel(*set, "board", "energy");
  frozen.set_time(1060);
  const double first = energy.read()->value;
  frozen.set_time(1070);
  EXPECT_EQ(energy.read()->value, first);

  FakeGpus spiked("model=A100;load=constant:level=200;fault=spike:at=50,joules=1e6");
  const auto other = spiked.open();
  const FoundChannel counter = find_channel(*other, "board", "energy");
  spiked.set_time(1049);
  const double before = counter.read()->value;
  spiked.set_time(1051);
  EXPECT_GT(counter.read()->value - before,
            counter->max_power->count() * 2);  // what the account must refuse
}

TEST(NvmlFault, ModuleIsNeverCalledABoard) {
  FakeGpus fake("model=GH200;load=constant:level=400;gain=1;offset=0;fault=module");
  const auto set = fake.open();
  const FoundChannel energy = find_channel(*set, "module", "energy");

  ASSERT_TRUE(energy);
  EXPECT_EQ(energy->component, "gpu/" + fake.uuid(0) + "/module");
  EXPECT_THAT(energy->flags, Contains("module-scope"));
  EXPECT_NEAR(energy.read()->value, 400e3, 50);
  EXPECT_THAT(report_of(*set, energy->id)->why, HasSubstr("CPU included"));
  EXPECT_FALSE(find_channel(*set, "board", "energy"));
}

TEST(NvmlFault, DividedBoardIsLabelled) {
  FakeGpus fake("model=A100;load=constant:level=200;fault=mig");
  const auto set = fake.open();

  EXPECT_THAT(find_channel(*set, "board", "energy")->flags, Contains("mig-parent"));
  EXPECT_FALSE(find_channel(*set, "board", "utilization"));  // NVML has none in this mode
}

TEST(NvmlFault, OutOfBandCapIsSeenBesideTheRequest) {
  FakeGpus fake("model=H100;fault=oob:watts=500");
  const auto set = fake.open();

  EXPECT_EQ(find_channel(*set, "board", "power_limit_enforced").read()->value, 500);
  EXPECT_EQ(find_channel(*set, "board", "power_limit").read()->value, 700);
  EXPECT_EQ(find_channel(*set, "board", "power_limit_default").read()->value, 700);
}

TEST(NvmlFault, RenumberedFieldsAreReadByTheDriversOwnNumbers) {
  for (const std::string driver : {"565.57.01", "580.82.07"}) {
    FakeGpus fake("model=H100;driver=" + driver);
    EXPECT_TRUE(find_channel(*fake.open(), "board", "throttle_hw_thermal")) << driver;
  }
}

}  // namespace
}  // namespace joulery
