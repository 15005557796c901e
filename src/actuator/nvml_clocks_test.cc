// actuator: clock locks of simulated boards: lower clocks, less power, less work.
#include <gmock/gmock.h>

#include "actuator/registry.h"
#include "hw/fake_file_tree.h"
#include "hw/fake_nvml.h"

namespace joulery {
namespace {

constexpr Hertz mhz(double count) { return Hertz(count * kHertzPerMegahertz); }

class Clocks {
 public:
  explicit Clocks(const std::string& config) : fake(config) {
    const auto nvml = fake.open();
    CapMachine machine;
    machine.files = std::make_shared<FakeFileTree>();
    if (!nvml || !open_nvml_limits_on(*nvml, machine, caps)) ADD_FAILURE() << "no boards";
  }
  ClockLock* operator->() { return caps[0]->clocks(); }
  standin::Gpu& gpu() { return fake.machine().gpu(0); }

  FakeNvml fake;
  PowerCaps caps;
};

const std::string kBusy = "model=A100;load=constant:level=300;noise=0";

TEST(NvmlClocks, HaveTheRangeThatTheBoardTells) {
  Clocks clocks(kBusy);

  const auto range = clocks->range();

  ASSERT_TRUE(range);
  EXPECT_EQ(range->least, mhz(210));
  EXPECT_EQ(range->most, mhz(1410));
}

TEST(NvmlClocks, AreLockedAndUnlocked) {
  Clocks clocks(kBusy);
  EXPECT_EQ(*clocks->now(), mhz(1410));

  ASSERT_TRUE(clocks->lock(mhz(1200)));
  clocks.fake.set_time(1010);
  EXPECT_EQ(*clocks->now(), mhz(1200));

  ASSERT_TRUE(clocks->unlock());
  clocks.fake.set_time(1020);
  EXPECT_EQ(*clocks->now(), mhz(1410));
}

TEST(NvmlClocks, ThatAreLowerTakeLessPowerAndDoLessWork) {
  Clocks clocks(kBusy);
  ASSERT_TRUE(clocks->lock(mhz(1000)));
  clocks.fake.set_time(1010);
  const double energy_j = clocks.gpu().energy_j(1000, 1010);
  const double work_s = clocks.gpu().totals(1010).work_s - clocks.gpu().totals(1000).work_s;

  ASSERT_TRUE(clocks->unlock());
  clocks.fake.set_time(1020);

  EXPECT_LT(energy_j, 0.9 * clocks.gpu().energy_j(1010, 1020));
  EXPECT_NEAR(work_s, 10 / (0.2 + 0.8 * 1.41), 1e-6);  // 80 % of the time stretches
  EXPECT_NEAR(clocks.gpu().totals(1020).work_s - clocks.gpu().totals(1010).work_s, 10, 1e-6);
}

TEST(NvmlClocks, AreAbsentWhereTheyCannotBeLocked) {
  for (const char* config :
       {"fault=missing:call=nvmlDeviceSetGpuLockedClocks",
        "fault=missing:call=nvmlDeviceResetGpuLockedClocks",
        "fault=unsupported:call=nvmlDeviceGetSupportedGraphicsClocks", "fault=lost"})
    EXPECT_EQ(Clocks(config).caps[0]->clocks(), nullptr) << config;
}

TEST(NvmlClocks, SayWhoMayNotLockThem) {
  Clocks clocks("root=0");

  EXPECT_EQ(clocks->lock(mhz(1200)).error().code, ErrorCode::kDenied);
  EXPECT_EQ(clocks->unlock().error().code, ErrorCode::kDenied);
  EXPECT_EQ(clocks->lock(mhz(0)).error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace joulery
