// sensor: use of CPUs and memory, and the models over it.
#include "sensor/host_usage.h"

#include <gmock/gmock.h>

#include "sensor/fake_machine.h"
#include "sensor/power_models.h"

namespace joulery {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class HostUsageTest : public testing::Test {
 protected:
  void SetUp() override {
    fake_.add_cpus("AuthenticAMD", "AMD EPYC 8024P 8-Core Processor", 1, 16);
    fake_.set_usage(1000, 10'000);
  }
  void open(const SensorOptions& options = {}) {
    ASSERT_TRUE(open_host_usage(fake_.machine(), options, set_));
  }
  /// Value of the channel `id` in one read, if there was one.
  std::optional<double> value(const std::vector<Sample>& samples, const std::string& id) const {
    const auto channels = set_.sensors.at(0)->channels();
    for (const Sample& sample : samples)
      if (channels[sample.channel].id == id) return sample.value;
    return std::nullopt;
  }
  std::vector<Sample> read() {
    std::vector<Sample> samples;
    EXPECT_TRUE(set_.sensors.at(0)->read(samples));
    return samples;
  }

  FakeMachine fake_;
  SensorSet set_;
};

TEST_F(HostUsageTest, GivesUseAndModelsOfBoth) {
  open();

  EXPECT_THAT(describe(set_),
              ElementsAre("cpu/all", "cpu/all", "cpu/model", "dram/all", "dram/model"));
  const auto samples = read();
  EXPECT_EQ(value(samples, "cpu/all/busy_time"), 1000);
  EXPECT_EQ(value(samples, "dram/all/used"), 4'294'967'296.0);
  EXPECT_NEAR(*value(samples, "dram/model/power"), 6.4, 0.01);
  EXPECT_THAT(find_report(set_, "cpu/model", "cpu-model")->why, HasSubstr("TDP 90 W"));
}

TEST_F(HostUsageTest, LoadIsTheMeanSinceTheReadBefore) {
  open();
  read();

  fake_.advance(Seconds(1));
  fake_.set_usage(1008, 10'016);
  const auto samples = read();

  EXPECT_DOUBLE_EQ(*value(samples, "cpu/all/utilization"), 50);
  EXPECT_DOUBLE_EQ(*value(samples, "cpu/model/power"), cpu_model_power(0.5, Watts(90)).count());
}

TEST_F(HostUsageTest, WaitsForAWindowThatProcStatCanResolve) {
  open();
  read();

  fake_.advance(Seconds(0.001));
  fake_.set_usage(1001, 10'001);
  EXPECT_FALSE(value(read(), "cpu/all/utilization"));

  fake_.advance(Seconds(0.1));
  fake_.set_usage(1001, 10'004);
  EXPECT_DOUBLE_EQ(*value(read(), "cpu/all/utilization"), 25);
}

TEST_F(HostUsageTest, AModelGivesWayToASensor) {
  class PackageSensor final : public Sensor {
   public:
    PackageSensor() {
      channel_.component = "cpu/0/package";
      channel_.kind = ComponentKind::kCpu;
      channel_.rule = Rule::kCounter;
    }
    std::span<const Channel> channels() const override { return {&channel_, 1}; }
    Result<void> read(std::vector<Sample>&) override { return {}; }

   private:
    Channel channel_;
  };
  set_.sensors.push_back(std::make_unique<PackageSensor>());
  open();

  EXPECT_THAT(describe(set_),
              ElementsAre("cpu/0/package", "cpu/all", "cpu/all", "dram/all", "dram/model"));
  EXPECT_EQ(find_report(set_, "cpu/model", "cpu-model")->status, ChannelStatus::kUnavailable);
}

TEST_F(HostUsageTest, ModelsCanBeSwitchedOff) {
  SensorOptions options;
  options.models = false;
  open(options);

  EXPECT_THAT(describe(set_), ElementsAre("cpu/all", "cpu/all", "dram/all"));
}

TEST_F(HostUsageTest, SaysWhereTheRatingIsAShareOrAGuess) {
  fake_.add_cpus("AuthenticAMD", "AMD EPYC 8024P 8-Core Processor", 1, 4, "fpu hypervisor");
  open();
  EXPECT_THAT(set_.sensors.at(0)->channels()[2].flags, ElementsAre("vm-share"));

  fake_.add_cpus("AuthenticAMD", "AMD EPYC", 1, 4, "fpu hypervisor");
  set_ = {};
  open();
  EXPECT_THAT(set_.sensors.at(0)->channels()[2].flags, ElementsAre("default-tdp"));
}

TEST_F(HostUsageTest, MemoryGoesOnWhereStatFails) {
  open();
  fake_.files().fail("/proc/stat", ErrorCode::kTransient);

  const auto samples = read();

  EXPECT_FALSE(value(samples, "cpu/model/power"));
  EXPECT_TRUE(value(samples, "dram/model/power"));
}

TEST_F(HostUsageTest, AMachineWithoutProcIsAReport) {
  fake_.files().remove("/proc/stat");
  fake_.files().remove("/proc/meminfo");
  open();

  EXPECT_TRUE(set_.sensors.empty());
  EXPECT_EQ(set_.reports.size(), 2u);
}

}  // namespace
}  // namespace joulery
