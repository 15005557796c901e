// standin: power limits and clock locks: read by everybody, set by root.
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "standin/nvml.h"

using namespace joulery::standin;

namespace {

bool may_set() {
  const std::optional<bool>& root = machine()->config().root;
  return root.value_or(geteuid() == 0);
}

Call begin_setting(nvmlDevice_t device, std::string_view name) {
  Call call = begin_call(device, name);
  if (call && !may_set()) call.code = kNoPermission;
  return call;
}

// Highest first, as drivers list them, in steps of 15 MHz (nvidia-smi -q -d SUPPORTED_CLOCKS of an
// A100: 1410, 1395, ... 210 MHz).
std::vector<unsigned> supported_clocks(const GpuModel& model) {
  constexpr double kStep = 15;
  const double lowest = std::round(model.physics.lowest_clock * model.sm_clock_mhz / kStep) * kStep;
  std::vector<unsigned> clocks;
  for (double mhz = model.sm_clock_mhz; mhz >= lowest; mhz -= kStep)
    clocks.push_back(static_cast<unsigned>(mhz));
  return clocks;
}

nvmlReturn_t copy_clocks(const std::vector<unsigned>& clocks, unsigned* count, unsigned* mhz) {
  const unsigned room = *count;
  *count = static_cast<unsigned>(clocks.size());
  if (clocks.size() > room || mhz == nullptr) return kInsufficientSize;
  std::copy(clocks.begin(), clocks.end(), mhz);
  return kSuccess;
}

}  // namespace

STANDIN_API nvmlReturn_t nvmlDeviceGetPowerManagementLimit(nvmlDevice_t device, unsigned* limit) {
  const Call call = begin_call(device, __func__);
  if (call) *limit = milliwatts(call.gpu->requested_w());
  return call.code;
}
STANDIN_API nvmlReturn_t nvmlDeviceGetEnforcedPowerLimit(nvmlDevice_t device, unsigned* limit) {
  const Call call = begin_call(device, __func__);
  if (call) *limit = milliwatts(call.gpu->enforced_w());
  return call.code;
}
STANDIN_API nvmlReturn_t nvmlDeviceGetPowerManagementDefaultLimit(nvmlDevice_t device,
                                                                  unsigned* limit) {
  const Call call = begin_call(device, __func__);
  if (call) *limit = milliwatts(call.gpu->model().default_limit_w);
  return call.code;
}
STANDIN_API nvmlReturn_t nvmlDeviceGetPowerManagementLimitConstraints(nvmlDevice_t device,
                                                                      unsigned* low,
                                                                      unsigned* high) {
  const Call call = begin_call(device, __func__);
  if (!call) return call.code;
  *low = milliwatts(call.gpu->model().min_limit_w);
  *high = milliwatts(call.gpu->model().max_limit_w);
  return kSuccess;
}
STANDIN_API nvmlReturn_t nvmlDeviceGetPowerManagementMode(nvmlDevice_t device, unsigned* mode) {
  const Call call = begin_call(device, __func__);
  if (call) *mode = 1;
  return call.code;
}
STANDIN_API nvmlReturn_t nvmlDeviceGetPersistenceMode(nvmlDevice_t device, unsigned* mode) {
  const Call call = begin_call(device, __func__);
  if (call) *mode = 1;
  return call.code;
}
STANDIN_API nvmlReturn_t nvmlDeviceSetPersistenceMode(nvmlDevice_t device, unsigned) {
  return begin_setting(device, __func__).code;
}

STANDIN_API nvmlReturn_t nvmlDeviceSetPowerManagementLimit(nvmlDevice_t device, unsigned limit) {
  const Call call = begin_setting(device, __func__);
  if (!call) return call.code;
  const GpuModel& model = call.gpu->model();
  if (limit < milliwatts(model.min_limit_w) || limit > milliwatts(model.max_limit_w))
    return kInvalidArgument;
  call.gpu->set_limit(call.t, limit / 1000.0);
  return kSuccess;
}

STANDIN_API nvmlReturn_t nvmlDeviceGetSupportedMemoryClocks(nvmlDevice_t device, unsigned* count,
                                                            unsigned* mhz) {
  const Call call = begin_call(device, __func__);
  if (!call) return call.code;
  return copy_clocks({static_cast<unsigned>(call.gpu->model().memory_clock_mhz)}, count, mhz);
}
STANDIN_API nvmlReturn_t nvmlDeviceGetSupportedGraphicsClocks(nvmlDevice_t device,
                                                              unsigned memory_mhz, unsigned* count,
                                                              unsigned* mhz) {
  const Call call = begin_call(device, __func__);
  if (!call) return call.code;
  const GpuModel& model = call.gpu->model();
  if (memory_mhz != static_cast<unsigned>(model.memory_clock_mhz)) return kNotFound;
  return copy_clocks(supported_clocks(model), count, mhz);
}

STANDIN_API nvmlReturn_t nvmlDeviceSetGpuLockedClocks(nvmlDevice_t device, unsigned low_mhz,
                                                      unsigned high_mhz) {
  const Call call = begin_setting(device, __func__);
  if (!call) return call.code;
  const GpuModel& model = call.gpu->model();
  if (high_mhz < low_mhz || high_mhz == 0) return kInvalidArgument;
  call.gpu->set_lock(call.t,
                     std::clamp(high_mhz / model.sm_clock_mhz, model.physics.lowest_clock, 1.0));
  return kSuccess;
}
STANDIN_API nvmlReturn_t nvmlDeviceResetGpuLockedClocks(nvmlDevice_t device) {
  const Call call = begin_setting(device, __func__);
  if (call) call.gpu->set_lock(call.t, 1);
  return call.code;
}
