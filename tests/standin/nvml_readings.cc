// standin: what a GPU says about itself, call by call.
#include <algorithm>
#include <cmath>

#include "standin/nvml.h"

namespace joulery::standin {

// Yang, Adamek, Armour, SC24, arXiv 2312.02741: power.draw of GA10x and Ada is a one-second mean
// except in driver 530, of Hopper always, of GA100 and older never.
const PowerSensor& legacy_sensor(const Gpu& gpu, const Machine& of) {
  const GpuModel& model = gpu.model();
  if (!model.average) return model.instant;
  const bool recent = driver_major(of) == 530 && model.architecture < 9;
  return recent ? model.instant : *model.average;
}

bool module_only(const Gpu& gpu, double t) { return gpu.fault("module", t) != nullptr; }

}  // namespace joulery::standin

using namespace joulery::standin;

namespace {

constexpr double kUtilizationWindow =
    0.2;                               // s; NVML's manual says between 1/6 s and 1 s by product
constexpr double kThermalWindow = 30;  // s; a choice
constexpr double kIdleClock = 0.15;    // of the top clock, where nothing runs

double busy_share(const Call& call) {
  return (call.gpu->totals(call.t).busy_s - call.gpu->totals(call.t - kUtilizationWindow).busy_s) /
         kUtilizationWindow;
}

/// How far the power lies between idle and the limit.
double level(const Call& call, double window) {
  const GpuModel& model = call.gpu->model();
  const double above_idle = call.gpu->mean_power_w(call.t, window) - model.physics.idle_w;
  return std::clamp(above_idle / (model.max_limit_w - model.physics.idle_w), 0.0, 1.0);
}

unsigned long long used_bytes(const Call& call) {
  const GpuModel& model = call.gpu->model();
  const bool loaded = call.gpu->config().load.kind != "idle";
  return (512ULL << 20) + (loaded ? model.memory_bytes / 2 : 0);
}

unsigned clock_mhz(const Call& call, unsigned type) {
  const GpuModel& model = call.gpu->model();
  if (type == 2) return static_cast<unsigned>(model.memory_clock_mhz);
  const double relative = call.gpu->clock(call.t);
  return static_cast<unsigned>(
      std::lround(model.sm_clock_mhz * (relative > 0 ? relative : kIdleClock)));
}

}  // namespace

STANDIN_API nvmlReturn_t nvmlDeviceGetTotalEnergyConsumption(nvmlDevice_t device,
                                                             unsigned long long* energy) {
  const Call call = begin_call(device, __func__);
  if (!call) return call.code;
  if (module_only(*call.gpu, call.t)) return kNotSupported;
  *energy = call.gpu->read_counter_mj(call.t);
  return kSuccess;
}

STANDIN_API nvmlReturn_t nvmlDeviceGetPowerUsage(nvmlDevice_t device, unsigned* power) {
  const Call call = begin_call(device, __func__);
  if (!call) return call.code;
  if (module_only(*call.gpu, call.t)) return kNotSupported;
  *power = milliwatts(call.gpu->read_power_w(legacy_sensor(*call.gpu, *machine()), call.t));
  return kSuccess;
}

STANDIN_API nvmlReturn_t nvmlDeviceGetUtilizationRates(nvmlDevice_t device,
                                                       nvmlUtilization_t* rates) {
  const Call call = begin_call(device, __func__);
  if (!call) return call.code;
  if (call.gpu->fault("mig", call.t) != nullptr) return kNotSupported;
  rates->gpu = static_cast<unsigned>(std::lround(100 * busy_share(call)));
  rates->memory = static_cast<unsigned>(std::lround(60 * level(call, kUtilizationWindow)));
  return kSuccess;
}

STANDIN_API nvmlReturn_t nvmlDeviceGetMemoryInfo(nvmlDevice_t device, nvmlMemory_t* memory) {
  const Call call = begin_call(device, __func__);
  if (!call) return call.code;
  const unsigned long long total = call.gpu->model().memory_bytes;
  *memory = {.total = total, .free = total - used_bytes(call), .used = used_bytes(call)};
  return kSuccess;
}

STANDIN_API nvmlReturn_t nvmlDeviceGetMemoryInfo_v2(nvmlDevice_t device, nvmlMemory_v2_t* memory) {
  nvmlMemory_t plain{};
  if (const nvmlReturn_t code = nvmlDeviceGetMemoryInfo(device, &plain); code != kSuccess)
    return code;
  memory->total = plain.total;
  memory->reserved = 0;
  memory->free = plain.free;
  memory->used = plain.used;
  return kSuccess;
}

STANDIN_API nvmlReturn_t nvmlDeviceGetTemperature(nvmlDevice_t device, unsigned sensor,
                                                  unsigned* celsius) {
  const Call call = begin_call(device, __func__);
  if (!call) return call.code;
  if (sensor != 0) return kInvalidArgument;
  *celsius = static_cast<unsigned>(std::lround(30 + 45 * level(call, kThermalWindow)));
  return kSuccess;
}

STANDIN_API nvmlReturn_t nvmlDeviceGetClockInfo(nvmlDevice_t device, unsigned type, unsigned* mhz) {
  const Call call = begin_call(device, __func__);
  if (!call) return call.code;
  if (type > 3) return kInvalidArgument;
  *mhz = clock_mhz(call, type);
  return kSuccess;
}

STANDIN_API nvmlReturn_t nvmlDeviceGetMaxClockInfo(nvmlDevice_t device, unsigned type,
                                                   unsigned* mhz) {
  const Call call = begin_call(device, __func__);
  if (!call) return call.code;
  if (type > 3) return kInvalidArgument;
  const GpuModel& model = call.gpu->model();
  *mhz = static_cast<unsigned>(type == 2 ? model.memory_clock_mhz : model.sm_clock_mhz);
  return kSuccess;
}

STANDIN_API nvmlReturn_t nvmlDeviceGetPerformanceState(nvmlDevice_t device, unsigned* state) {
  const Call call = begin_call(device, __func__);
  if (call) *state = call.gpu->clock(call.t) > 0 ? 0 : 8;
  return call.code;
}

STANDIN_API nvmlReturn_t nvmlDeviceGetPcieThroughput(nvmlDevice_t device, unsigned counter,
                                                     unsigned* kilobytes) {
  const Call call = begin_call(device, __func__);
  if (!call) return call.code;
  if (counter > 1) return kInvalidArgument;
  take_ms(*machine(), machine()->config().pcie_ms);
  *kilobytes =
      static_cast<unsigned>((counter == 0 ? 2e5 : 1.2e6) * level(call, 0.02));  // KB/s; a choice
  return kSuccess;
}

// bit 0 idle, bit 2 software power cap (NVML API Reference, nvmlClocksEventReasons)
STANDIN_API nvmlReturn_t nvmlDeviceGetCurrentClocksThrottleReasons(nvmlDevice_t device,
                                                                   unsigned long long* reasons) {
  const Call call = begin_call(device, __func__);
  if (!call) return call.code;
  const double throttled =
      call.gpu->totals(call.t + 1e-6).throttled_s - call.gpu->totals(call.t).throttled_s;
  *reasons = throttled > 0 ? 0x4 : call.gpu->clock(call.t) > 0 ? 0 : 0x1;
  return kSuccess;
}
STANDIN_API nvmlReturn_t nvmlDeviceGetCurrentClocksEventReasons(nvmlDevice_t device,
                                                                unsigned long long* reasons) {
  return nvmlDeviceGetCurrentClocksThrottleReasons(device, reasons);
}

namespace {

nvmlReturn_t list_processes(const Call& call, unsigned* count, nvmlProcessInfo_t* infos) {
  const std::vector<unsigned>& pids = call.gpu->config().processes;
  const unsigned room = *count;
  *count = static_cast<unsigned>(pids.size());
  if (pids.size() > room) return kInsufficientSize;
  for (std::size_t i = 0; i < pids.size(); ++i)
    infos[i] = {.pid = pids[i],
                .usedGpuMemory = used_bytes(call) / pids.size(),
                .gpuInstanceId = 0xffffffffU,
                .computeInstanceId = 0xffffffffU};
  return kSuccess;
}

}  // namespace

STANDIN_API nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v3(nvmlDevice_t device,
                                                                 unsigned* count,
                                                                 nvmlProcessInfo_t* infos) {
  const Call call = begin_call(device, __func__);
  return call ? list_processes(call, count, infos) : call.code;
}
STANDIN_API nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v2(nvmlDevice_t device,
                                                                 unsigned* count,
                                                                 nvmlProcessInfo_t* infos) {
  return nvmlDeviceGetComputeRunningProcesses_v3(device, count, infos);
}
STANDIN_API nvmlReturn_t nvmlDeviceGetGraphicsRunningProcesses_v3(nvmlDevice_t device,
                                                                  unsigned* count,
                                                                  nvmlProcessInfo_t*) {
  const Call call = begin_call(device, __func__);
  if (call) *count = 0;
  return call.code;
}
STANDIN_API nvmlReturn_t nvmlDeviceGetGraphicsRunningProcesses_v2(nvmlDevice_t device,
                                                                  unsigned* count,
                                                                  nvmlProcessInfo_t* infos) {
  return nvmlDeviceGetGraphicsRunningProcesses_v3(device, count, infos);
}
STANDIN_API nvmlReturn_t nvmlDeviceGetComputeMode(nvmlDevice_t device, unsigned* mode) {
  const Call call = begin_call(device, __func__);
  if (call) *mode = 0;
  return call.code;
}
