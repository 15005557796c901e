// standin: the shared library as a program meets it: found by dlopen, shared between processes,
// fast.
#include <dlfcn.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

#include "standin/nvml_abi.h"

namespace {

class StandinLibrary : public testing::Test {
 protected:
  void SetUp() override {
    std::string path = testing::TempDir() + "standin.XXXXXX";
    ASSERT_NE(mkdtemp(path.data()), nullptr);
    folder_ = path;
  }
  void TearDown() override {
    if (library_ != nullptr) dlclose(library_);
    std::filesystem::remove_all(folder_);
  }
  void open(const std::string& config) {
    setenv("JOULERY_STANDIN", config.c_str(), 1);
    library_ = dlopen(JOULERY_BINARY_DIR "/standin/libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(library_, nullptr) << dlerror();
  }
  template <class Function>
  Function* get(const char* name) {
    return reinterpret_cast<Function*>(dlsym(library_, name));
  }
  nvmlDevice_t device(unsigned index) {
    nvmlDevice_t found = nullptr;
    EXPECT_EQ(get<int(unsigned, nvmlDevice_t*)>("nvmlDeviceGetHandleByIndex_v2")(index, &found), 0);
    return found;
  }
  void set_time(double t) { get<void(double)>("joulery_standin_set_time")(t); }
  unsigned power(nvmlDevice_t of) {
    unsigned mw = 0;
    EXPECT_EQ(get<int(nvmlDevice_t, unsigned*)>("nvmlDeviceGetPowerUsage")(of, &mw), 0);
    return mw;
  }

  std::string folder_;
  void* library_ = nullptr;
};

TEST_F(StandinLibrary, HoldsTheLimitsThatItIsGiven) {
  open("model=H100;load=constant:level=690;gain=1;offset=0;noise=0;root=1;clock=virtual");
  ASSERT_EQ(get<int()>("nvmlInit_v2")(), 0);
  const auto set = get<int(nvmlDevice_t, unsigned)>("nvmlDeviceSetPowerManagementLimit");

  double t = 100;
  for (const unsigned watts : {700u, 400u, 250u}) {
    set_time(t);
    ASSERT_EQ(set(device(0), watts * 1000), 0);
    set_time(t + 10);
    EXPECT_NEAR(power(device(0)), std::min(690u, watts) * 1000, 1);
    t += 20;
  }
  EXPECT_EQ(set(device(0), 900'000), 2);  // above the highest limit: invalid argument
}

TEST_F(StandinLibrary, RefusesToSetForOthersThanRoot) {
  open("model=H100;root=0");
  ASSERT_EQ(get<int()>("nvmlInit_v2")(), 0);

  EXPECT_EQ(
      (get<int(nvmlDevice_t, unsigned)>("nvmlDeviceSetPowerManagementLimit")(device(0), 300'000)),
      4);
}

TEST_F(StandinLibrary, SharesItsLimitsBetweenProcesses) {
  const std::string config =
      "model=A100;load=constant:level=390;root=1;state=" + folder_ + "/state";
  const pid_t child = fork();
  if (child == 0) {
    open(config);
    get<int()>("nvmlInit_v2")();
    _exit(
        get<int(nvmlDevice_t, unsigned)>("nvmlDeviceSetPowerManagementLimit")(device(0), 222'000));
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);

  open(config);
  ASSERT_EQ(get<int()>("nvmlInit_v2")(), 0);

  unsigned limit = 0;
  EXPECT_EQ(
      (get<int(nvmlDevice_t, unsigned*)>("nvmlDeviceGetEnforcedPowerLimit")(device(0), &limit)), 0);
  EXPECT_EQ(limit, 222'000u);
}

TEST_F(StandinLibrary, FailsAsTheDriverDoes) {
  open(
      "gpus=2;fault=lost:gpu=1,at=50;fault=denied:field=191;fault=unsupported:call="
      "nvmlDeviceGetTemperature;"
      "clock=virtual");
  ASSERT_EQ(get<int()>("nvmlInit_v2")(), 0);
  const nvmlDevice_t second = device(1);

  nvmlFieldValue_t fields[2]{};
  fields[0].fieldId = 191;
  fields[1].fieldId = 186;
  const auto read = get<int(nvmlDevice_t, int, nvmlFieldValue_t*)>("nvmlDeviceGetFieldValues");
  EXPECT_EQ(read(device(0), 2, fields), 0);
  EXPECT_EQ(fields[0].nvmlReturn, 4);
  EXPECT_EQ(fields[1].nvmlReturn, 0);
  unsigned celsius = 0;
  EXPECT_EQ((get<int(nvmlDevice_t, unsigned, unsigned*)>("nvmlDeviceGetTemperature")(second, 0,
                                                                                     &celsius)),
            3);

  set_time(51);
  EXPECT_EQ(read(second, 2, fields), 15);
  EXPECT_EQ(read(device(0), 2, fields), 0);
}

TEST_F(StandinLibrary, CanFailToStart) {
  open("fault=init:code=9");

  EXPECT_EQ(get<int()>("nvmlInit_v2")(), 9);
}

TEST_F(StandinLibrary, SaysThatItIsASimulation) {
  open("gpus=0");
  ASSERT_EQ(get<int()>("nvmlInit_v2")(), 0);

  EXPECT_STREQ(get<const char*()>("joulery_standin_version")(), "1");
  unsigned count = 9;
  EXPECT_EQ(get<int(unsigned*)>("nvmlDeviceGetCount_v2")(&count), 0);
  EXPECT_EQ(count, 0u);
}

TEST_F(StandinLibrary, ListsTheClocksThatItCanBeLockedTo) {
  open("model=A100;clock=virtual");
  ASSERT_EQ(get<int()>("nvmlInit_v2")(), 0);
  const auto list = get<int(nvmlDevice_t, unsigned, unsigned*, unsigned*)>(
      "nvmlDeviceGetSupportedGraphicsClocks");
  unsigned memory = 0;
  unsigned count = 1;
  ASSERT_EQ(get<int(nvmlDevice_t, unsigned*, unsigned*)>("nvmlDeviceGetSupportedMemoryClocks")(
                device(0), &count, &memory),
            0);
  ASSERT_EQ(count, 1u);

  EXPECT_EQ(list(device(0), memory, &count, &memory), joulery::standin::kInsufficientSize);
  ASSERT_EQ(count, 81u);
  std::vector<unsigned> clocks(count);
  ASSERT_EQ(list(device(0), memory, &count, clocks.data()), 0);
  EXPECT_EQ(clocks.front(), 1410u);
  EXPECT_EQ(clocks.back(), 210u);
  EXPECT_EQ(list(device(0), 1, &count, clocks.data()), joulery::standin::kNotFound);
}

TEST_F(StandinLibrary, TellsTheTruthToThoseWhoAsk) {
  open("load=constant:level=300;model=A100;clock=virtual");
  ASSERT_EQ(get<int()>("nvmlInit_v2")(), 0);

  double energy = 0, work = 0;
  const auto truth = get<int(nvmlDevice_t, double, double*, double*)>("joulery_standin_truth");
  ASSERT_EQ(truth(device(0), 10, &energy, &work), 0);
  EXPECT_NEAR(energy, 3000, 1e-9);
  EXPECT_NEAR(work, 10, 1e-9);
}

}  // namespace
