// bench: the floor of `joulery run`: the same calls of NVIDIA's library and the same reads of
// kernel files at the same deadlines, and nothing else. Prints the ticks that it served and lost.
// Usage: joulery_bare_loop ROOT PERIOD_US SECONDS
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <thread>
#include <vector>

#include "hw/nvml_api.h"

namespace joulery {
namespace {

/// The functions of the library that are called each tick or each second.
struct Calls {
  NvmlReturn (*field_values)(NvmlDevice, int, NvmlFieldValue*);
  NvmlReturn (*utilization)(NvmlDevice, NvmlUtilization*);
  NvmlReturn (*memory)(NvmlDevice, NvmlMemory*);
  NvmlReturn (*temperature)(NvmlDevice, unsigned, unsigned*);
  NvmlReturn (*clock)(NvmlDevice, unsigned, unsigned*);
  NvmlReturn (*pcie)(NvmlDevice, unsigned, unsigned*);
};

template <class Function>
void bind(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  if (function == nullptr) std::exit(1);
}

std::vector<NvmlFieldValue> fields_of(std::initializer_list<unsigned> ids) {
  std::vector<NvmlFieldValue> fields;
  for (const unsigned id : ids) {
    NvmlFieldValue& field = fields.emplace_back();
    field = {};
    field.field = id;
  }
  return fields;
}

class Machine {
 public:
  explicit Machine(const std::string& root) {
    void* const library = ::dlopen((root + "/usr/lib/libnvidia-ml.so.1").c_str(), RTLD_NOW);
    if (library == nullptr) std::exit(1);
    bind(library, "nvmlDeviceGetFieldValues", calls_.field_values);
    bind(library, "nvmlDeviceGetUtilizationRates", calls_.utilization);
    bind(library, "nvmlDeviceGetMemoryInfo", calls_.memory);
    bind(library, "nvmlDeviceGetTemperature", calls_.temperature);
    bind(library, "nvmlDeviceGetClockInfo", calls_.clock);
    bind(library, "nvmlDeviceGetPcieThroughput", calls_.pcie);
    find_devices(library);
    const std::string powercap = root + "/sys/class/powercap/intel-rapl:";
    for (const char* const zone : {"0", "0:0", "1", "1:0"}) open(powercap + zone + "/energy_uj");
    open(root + "/proc/stat");
    open(root + "/proc/meminfo");
  }

  void tick() {
    for (NvmlDevice const device : devices_) {
      calls_.field_values(device, static_cast<int>(fast_.size()), fast_.data());
      NvmlUtilization utilization;
      NvmlMemory memory;
      unsigned value = 0;
      calls_.utilization(device, &utilization);
      calls_.memory(device, &memory);
      calls_.temperature(device, kNvmlTemperatureGpu, &value);
      calls_.clock(device, kNvmlClockSm, &value);
      calls_.clock(device, kNvmlClockMemory, &value);
    }
    for (const int file : files_)
      if (::pread(file, text_, sizeof text_, 0) < 0) std::exit(1);
  }

  void slow_tick() {
    for (NvmlDevice const device : devices_) {
      unsigned value = 0;
      calls_.field_values(device, static_cast<int>(slow_.size()), slow_.data());
      calls_.pcie(device, kNvmlPcieRx, &value);
      calls_.pcie(device, kNvmlPcieTx, &value);
    }
  }

 private:
  void find_devices(void* library) {
    NvmlReturn (*init)() = nullptr;
    NvmlReturn (*by_index)(unsigned, NvmlDevice*) = nullptr;
    bind(library, "nvmlInit_v2", init);
    bind(library, "nvmlDeviceGetHandleByIndex_v2", by_index);
    if (init() != kNvmlSuccess) std::exit(1);
    NvmlDevice device = nullptr;
    while (by_index(static_cast<unsigned>(devices_.size()), &device) == kNvmlSuccess)
      devices_.push_back(device);
  }
  void open(const std::string& path) { files_.push_back(::open(path.c_str(), O_RDONLY)); }

  Calls calls_{};
  std::vector<NvmlDevice> devices_;
  std::vector<int> files_;
  std::vector<NvmlFieldValue> fast_ =
      fields_of({kNvmlEnergy, kNvmlPowerAverage, kNvmlPowerInstant});
  std::vector<NvmlFieldValue> slow_ =
      fields_of({kNvmlRequestedLimit, kNvmlCurrentLimit, kNvmlDefaultLimit, kNvmlThrottlePower,
                 kNvmlThrottleThermal, kNvmlThrottleSyncBoost, kNvmlThrottleHwThermalOld,
                 kNvmlThrottleHwBrakeOld});
  char text_[8192];
};

constexpr std::int64_t kSecondNs = 1'000'000'000;

std::int64_t now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * kSecondNs + now.tv_nsec;
}

void sleep_until(std::int64_t ns) {
  const timespec deadline{.tv_sec = ns / kSecondNs, .tv_nsec = ns % kSecondNs};
  ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, nullptr);
}

int run(const std::string& root, std::int64_t period_ns, std::int64_t seconds) {
  Machine machine(root);
  const std::int64_t begin = now_ns();
  const std::int64_t end = begin + seconds * kSecondNs;
  std::thread slow([&] {
    for (std::int64_t at = begin; at < end; at += kSecondNs) {
      sleep_until(at);
      machine.slow_tick();
    }
  });
  std::int64_t ticks = 0, lost = 0;
  for (std::int64_t at = begin; at < end; at += period_ns) {
    sleep_until(at);
    machine.tick();
    ++ticks;
    const std::int64_t missed = (now_ns() - at) / period_ns;
    if (missed > 1) {
      lost += missed - 1;
      at += (missed - 1) * period_ns;
    }
  }
  slow.join();
  std::printf("%lld %lld\n", static_cast<long long>(ticks), static_cast<long long>(lost));
  return 0;
}

}  // namespace
}  // namespace joulery

int main(int argc, char** argv) {
  if (argc != 4) return 64;
  return joulery::run(argv[1], std::atoll(argv[2]) * 1000, std::atoll(argv[3]));
}
