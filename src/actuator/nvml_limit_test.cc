// actuator: power limits of simulated boards.
#include <gmock/gmock.h>

#include "actuator/registry.h"
#include "hw/fake_file_tree.h"
#include "hw/fake_nvml.h"

namespace joulery {
namespace {

using testing::HasSubstr;

class Limits {
 public:
  explicit Limits(const std::string& config, const std::string& process = "sh") : fake(config) {
    const auto nvml = fake.open();
    FakeFileTree files;
    files.set("/proc/12/comm", process + "\n");
    files.set("/proc/uptime", process + "\n");
    machine.files = std::make_shared<FakeFileTree>(files);
    if (nvml && open_nvml_limits_on(*nvml, machine, caps).has_value()) return;
    ADD_FAILURE() << "no boards";
  }
  PowerCap& at(std::size_t i) { return *caps[i]; }

  FakeNvml fake;
  CapMachine machine;
  PowerCaps caps;
};

TEST(NvmlLimit, IsReadAndSetInItsOwnRange) {
  Limits limits("gpus=2;model=A100");
  ASSERT_EQ(limits.caps.size(), 2u);
  EXPECT_EQ(limits.at(1).info().id, "gpu/" + limits.fake.machine().gpu(1).uuid() + "/board");
  EXPECT_EQ(limits.at(1).info().refusal.why, "");

  ASSERT_TRUE(limits.at(1).write(Watts(150.25)));

  const auto reading = limits.at(1).read();
  ASSERT_TRUE(reading);
  EXPECT_EQ(reading->requested, Watts(150.25));
  EXPECT_EQ(reading->enforced, Watts(150.25));
  EXPECT_EQ(reading->default_limit, reading->most);
  EXPECT_EQ(limits.at(1).write(*reading->least - Watts(1)).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(limits.at(1).write(*reading->most + Watts(1)).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(limits.at(0).read()->requested, *reading->most);
}

TEST(NvmlLimit, TellsWhatAnOutOfBandLimiterEnforces) {
  Limits limits("model=H100;fault=oob:watts=500");

  const auto reading = limits.at(0).read();

  ASSERT_TRUE(reading);
  EXPECT_EQ(reading->enforced, Watts(500));
  EXPECT_EQ(reading->requested, Watts(700));
  EXPECT_EQ(reading->default_limit, Watts(700));
}

TEST(NvmlLimit, IsRefusedWithTheReason) {
  const std::pair<const char*, const char*> cases[] = {
      {"fault=mig", "MIG"},
      {"fault=module", "module"},
      {"fault=lost", "lost"},
      {"fault=missing:call=nvmlDeviceSetPowerManagementLimit", "has no nvmlDeviceSet"},
      {"fault=unsupported:call=nvmlDeviceGetPowerManagementLimitConstraints", "not supported"}};
  for (const auto& [config, why] : cases) {
    Limits limits(config);
    ASSERT_EQ(limits.caps.size(), 1u) << config;
    EXPECT_THAT(limits.at(0).info().refusal.why, HasSubstr(why)) << config;
  }
}

TEST(NvmlLimit, IsCalledAsTheSensorsCallItsPart) {
  Limits module("model=GH200;fault=module");

  EXPECT_EQ(module.at(0).info().id, "gpu/" + module.fake.machine().gpu(0).uuid() + "/module");
}

TEST(NvmlLimit, KnowsWhoElseSetsIt) {
  Limits alone("");
  EXPECT_TRUE(alone.at(0).info().notes.empty());
  EXPECT_THAT(Limits("", "nv-hostengine").at(0).info().notes,
              testing::ElementsAre(HasSubstr("DCGM")));
  EXPECT_THAT(Limits("", "nvidia-powerd").at(0).info().refusal.why, HasSubstr("nvidia-powerd"));
}

TEST(NvmlLimit, SaysWhoMayNotSetIt) {
  Limits limits("root=0");

  EXPECT_EQ(limits.at(0).write(Watts(200)).error().code, ErrorCode::kDenied);
}

TEST(NvmlLimit, KnowsTheBoardsThatWereChosen) {
  FakeNvml fake("gpus=3");
  const auto nvml = fake.open();
  CapMachine machine;
  machine.files = std::make_shared<FakeFileTree>();
  machine.gpus = {.devices = {"2"}, .none = false, .origin = "--gpus"};
  PowerCaps caps;

  ASSERT_TRUE(open_nvml_limits_on(*nvml, machine, caps));
  ASSERT_EQ(caps.size(), 3u);
  EXPECT_THAT(caps[2]->info().id, HasSubstr(fake.machine().gpu(2).uuid()));
  EXPECT_TRUE(caps[2]->info().chosen);
  EXPECT_FALSE(caps[0]->info().chosen || caps[1]->info().chosen);
  machine.gpus.devices = {"7"};
  EXPECT_EQ(open_nvml_limits_on(*nvml, machine, caps).error().code, ErrorCode::kInvalid);
}

TEST(NvmlLimit, IsRefusedWhereTheJobMayHaveAnotherBoard) {
  FakeNvml fake("gpus=2;model.0=V100;model.1=H100");
  CapMachine machine;
  machine.files = std::make_shared<FakeFileTree>();
  machine.gpus = {.devices = {"0"}, .pci_order = false, .origin = "CUDA_VISIBLE_DEVICES"};
  PowerCaps caps;

  ASSERT_TRUE(open_nvml_limits_on(*fake.open(), machine, caps));

  EXPECT_THAT(caps[0]->info().refusal.why, HasSubstr("may not be the job's"));
  EXPECT_EQ(caps[1]->info().refusal.why, "");  // nothing would set it
}

}  // namespace
}  // namespace joulery
