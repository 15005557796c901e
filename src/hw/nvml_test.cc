// hw: NVIDIA's library opened, missing, old, refused.
#include "hw/nvml.h"

#include <gmock/gmock.h>

#include "hw/fake_nvml.h"

namespace joulery {
namespace {

TEST(Nvml, CallsTheLibraryThatItWasBoundTo) {
  FakeNvml fake("gpus=3;driver=535.104.05");

  const auto nvml = fake.open();

  ASSERT_TRUE(nvml) << nvml.error().message;
  unsigned count = 0;
  EXPECT_EQ((*nvml)->api().device_count(&count), kNvmlSuccess);
  EXPECT_EQ(count, 3u);
  EXPECT_EQ((*nvml)->driver_major(), 535u);
  EXPECT_EQ((*nvml)->driver_minor(), 104u);
}

TEST(Nvml, SaysThatTheStandInIsASimulation) {
  FakeNvml fake("");

  EXPECT_TRUE((*fake.open())->simulated());
}

TEST(Nvml, FallsBackToTheFunctionsOfOlderDrivers) {
  FakeNvml fake(
      "gpus=2;fault=missing:call=nvmlInit_v2;fault=missing:call=nvmlDeviceGetCount_v2;"
      "fault=missing:call=nvmlDeviceGetHandleByIndex_v2");

  const auto nvml = fake.open();

  ASSERT_TRUE(nvml) << nvml.error().message;
  NvmlDevice device = nullptr;
  EXPECT_EQ((*nvml)->api().device_by_index(1, &device), kNvmlSuccess);
}

TEST(Nvml, LeavesOutWhatTheLibraryLacks) {
  FakeNvml fake("fault=missing:call=nvmlDeviceGetFieldValues");

  const auto nvml = fake.open();

  ASSERT_TRUE(nvml);
  EXPECT_EQ((*nvml)->api().field_values, nullptr);
  EXPECT_NE((*nvml)->api().power, nullptr);
}

TEST(Nvml, NamesTheFunctionsThatItCannotDoWithout) {
  FakeNvml fake("fault=missing:call=nvmlDeviceGetUUID");

  const auto nvml = fake.open();

  ASSERT_FALSE(nvml);
  EXPECT_EQ(nvml.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(nvml.error().message, testing::HasSubstr("nvmlDeviceGetUUID"));
}

TEST(Nvml, SaysWhyItDoesNotStart) {
  FakeNvml no_driver("fault=init:code=9");
  const auto missing = no_driver.open();
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(missing.error().message, "nvmlInit: Driver Not Loaded (9)");

  FakeNvml refused("fault=init:code=4");
  const auto denied = refused.open();
  ASSERT_FALSE(denied);
  EXPECT_EQ(denied.error().code, ErrorCode::kDenied);
}

TEST(Nvml, ReportsALibraryThatIsNotThere) {
  const auto nvml = Nvml::open("/nonexistent/libnvidia-ml.so.1");

  ASSERT_FALSE(nvml);
  EXPECT_EQ(nvml.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(nvml.error().message, testing::HasSubstr("/nonexistent/libnvidia-ml.so.1"));
}

TEST(Nvml, OpensASharedLibrary) {
  const auto nvml = Nvml::open(JOULERY_BINARY_DIR "/standin/libnvidia-ml.so.1");

  ASSERT_TRUE(nvml) << nvml.error().message;
  EXPECT_TRUE((*nvml)->simulated());
}

TEST(Nvml, TellsWhatACallerCanDoAboutAFailure) {
  FakeNvml fake("");
  const auto nvml = fake.open();

  EXPECT_EQ((*nvml)->error(kNvmlNotSupported, "x").code, ErrorCode::kUnavailable);
  EXPECT_EQ((*nvml)->error(kNvmlNoPermission, "x").code, ErrorCode::kDenied);
  EXPECT_EQ((*nvml)->error(kNvmlGpuIsLost, "x").code, ErrorCode::kGone);
  EXPECT_EQ((*nvml)->error(10, "nvmlX").code, ErrorCode::kTransient);
  EXPECT_EQ((*nvml)->error(10, "nvmlX").message, "nvmlX: Timeout (10)");
}

}  // namespace
}  // namespace joulery
