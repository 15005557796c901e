// actuator: long-term limits of packages on a made tree.
#include <gmock/gmock.h>

#include "actuator/registry.h"
#include "hw/fake_file_tree.h"

namespace joulery {
namespace {

using testing::HasSubstr;

const std::string kZone = "/sys/class/powercap/intel-rapl:0";
const std::string kLimit = kZone + "/constraint_1_power_limit_uw";

FakeFileTree one_package() {
  FakeFileTree files;
  files.set(kZone + "/name", "package-0\n");
  files.set(kZone + "/enabled", "1\n");
  files.set(kZone + "/constraint_0_name", "short_term\n");
  files.set(kZone + "/constraint_0_power_limit_uw", "300000000\n");
  files.set(kZone + "/constraint_1_name", "long_term\n");
  files.set(kZone + "/constraint_1_max_power_uw", "205000000\n");
  files.set(kLimit, "200000000\n");
  files.set(kZone + ":0/name", "dram\n");
  return files;
}

PowerCaps open(const FakeFileTree& files) {
  PowerCaps caps;
  const CapMachine machine{
      .files = std::make_shared<FakeFileTree>(files), .nvml_library = "", .gpus = {}};
  EXPECT_TRUE(open_rapl_limits(machine, caps));
  return caps;
}

TEST(RaplLimit, IsTheLongTermOneOfAPackage) {
  const FakeFileTree files = one_package();
  const PowerCaps caps = open(files);
  ASSERT_EQ(caps.size(), 1u);
  EXPECT_EQ(caps[0]->info().id, "cpu/0/package");

  ASSERT_TRUE(caps[0]->write(Watts(150.5)));

  EXPECT_EQ(*files.read(kLimit), "150500000");
  EXPECT_EQ(*files.read(kZone + "/constraint_0_power_limit_uw"), "300000000");
  const auto reading = caps[0]->read();
  ASSERT_TRUE(reading);
  EXPECT_EQ(reading->requested, Watts(150.5));
  EXPECT_EQ(reading->most, Watts(205));
  EXPECT_FALSE(reading->least);
  EXPECT_FALSE(reading->default_limit);
}

TEST(RaplLimit, HasTheLimitInForceInItsRangeThoughTheFirmwareSaysLess) {
  FakeFileTree files = one_package();
  files.set(kLimit, "250000000\n");

  EXPECT_EQ(open(files)[0]->read()->most, Watts(250));
}

TEST(RaplLimit, IsRefusedWhereThereIsNoneAndWhereItIsOff) {
  FakeFileTree off = one_package();
  off.set(kZone + "/enabled", "0\n");
  FakeFileTree none;
  none.set(kZone + "/name", "package-0\n");

  EXPECT_THAT(open(off)[0]->info().refusal.why, HasSubstr("switched off"));
  const PowerCaps caps = open(none);
  EXPECT_THAT(caps[0]->info().refusal.why, HasSubstr("no constraint"));
  EXPECT_EQ(caps[0]->read().error().code, ErrorCode::kUnavailable);
}

TEST(RaplLimit, SaysWhereItMayNotBeWritten) {
  FakeFileTree files = one_package();
  const PowerCaps caps = open(files);
  files.deny(kLimit);

  const auto done = caps[0]->write(Watts(100));

  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kDenied);
  EXPECT_THAT(done.error().message, HasSubstr("firmware"));
}

TEST(RaplLimit, IsOneForThePackageThatIsShownTwice) {
  FakeFileTree files = one_package();
  files.set("/sys/class/powercap/intel-rapl-mmio:0/name", "package-0\n");

  const PowerCaps caps = open(files);

  ASSERT_EQ(caps.size(), 1u);
  EXPECT_EQ(caps[0]->info().refusal.why, "");
}

}  // namespace
}  // namespace joulery
