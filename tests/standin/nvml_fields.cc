// standin: nvmlDeviceGetFieldValues, many readings by one call.
#include <cmath>
#include <ctime>

#include "standin/nvml.h"

using namespace joulery::standin;

namespace {

// NVML API Reference, "Field Value Enums".
enum Field : unsigned {
  kPolicyPower = 74,
  kPolicyThermal = 75,
  kPolicySyncBoost = 76,
  kTotalEnergy = 83,
  kPowerAverage = 185,
  kPowerInstant = 186,
  kMinLimit = 187,
  kMaxLimit = 188,
  kDefaultLimit = 189,
  kCurrentLimit = 190,
  kEnergy = 191,
  kRequestedLimit = 192,
};

constexpr unsigned kGpuScope = 0;
constexpr unsigned kModuleScope = 1;

// Driver 580.82 renumbered the ids 251 to 273 (nvml-wrapper 0.12, FieldIdScheme).
bool is_hardware_throttle(unsigned id) {
  if (driver_at_least(*machine(), 580, 82)) return id >= 269 && id <= 271;
  return driver_at_least(*machine(), 555, 0) && id >= 251 && id <= 253;
}

void set_u32(nvmlFieldValue_t& out, double watts) {
  out.valueType = kUnsignedInt;
  out.value.ullVal = 0;
  out.value.uiVal = milliwatts(watts);
}

void set_u64(nvmlFieldValue_t& out, unsigned long long value) {
  out.valueType = kUnsignedLongLong;
  out.value.ullVal = value;
}

nvmlReturn_t read_power(Gpu& gpu, double t, nvmlFieldValue_t& out) {
  if (!driver_at_least(*machine(), 530, 0)) return kNotSupported;
  const unsigned scope = module_only(gpu, t) ? kModuleScope : kGpuScope;
  if (out.scopeId != scope) return kNotSupported;
  const GpuModel& model = gpu.model();
  if (out.fieldId == kEnergy) return set_u64(out, gpu.read_counter_mj(t)), kSuccess;
  if (out.fieldId == kPowerAverage && !model.average) return kNotSupported;
  set_u32(out, gpu.read_power_w(out.fieldId == kPowerAverage ? *model.average : model.instant, t));
  return kSuccess;
}

nvmlReturn_t read_limit(Gpu& gpu, nvmlFieldValue_t& out) {
  if (!driver_at_least(*machine(), 530, 0)) return kNotSupported;
  const GpuModel& model = gpu.model();
  switch (out.fieldId) {
    case kMinLimit:
      return set_u32(out, model.min_limit_w), kSuccess;
    case kMaxLimit:
      return set_u32(out, model.max_limit_w), kSuccess;
    case kDefaultLimit:
      return set_u32(out, model.default_limit_w), kSuccess;
    case kCurrentLimit:
      return set_u32(out, gpu.enforced_w()), kSuccess;
    default:
      return set_u32(out, gpu.requested_w()), kSuccess;
  }
}

nvmlReturn_t read_field(Gpu& gpu, double t, nvmlFieldValue_t& out) {
  if (gpu.fault("unsupported", t, {}, out.fieldId) != nullptr) return kNotSupported;
  if (gpu.fault("denied", t, {}, out.fieldId) != nullptr) return kNoPermission;
  switch (out.fieldId) {
    case kTotalEnergy:
      if (module_only(gpu, t)) return kNotSupported;
      return set_u64(out, gpu.read_counter_mj(t)), kSuccess;
    case kPolicyPower:
      return set_u64(out, static_cast<unsigned long long>(
                              std::llround(gpu.totals(t).throttled_s * 1e9))),
             kSuccess;
    case kPolicyThermal:
    case kPolicySyncBoost:
      return set_u64(out, 0), kSuccess;
    case kPowerAverage:
    case kPowerInstant:
    case kEnergy:
      return read_power(gpu, t, out);
    case kMinLimit:
    case kMaxLimit:
    case kDefaultLimit:
    case kCurrentLimit:
    case kRequestedLimit:
      return read_limit(gpu, out);
    default:
      return is_hardware_throttle(out.fieldId) ? (set_u64(out, 0), kSuccess) : kNotSupported;
  }
}

}  // namespace

STANDIN_API nvmlReturn_t nvmlDeviceGetFieldValues(nvmlDevice_t device, int count,
                                                  nvmlFieldValue_t* values) {
  const Call call = begin_call(device, __func__);
  if (!call) return call.code;
  if (count < 0 || values == nullptr) return kInvalidArgument;
  timespec wall{};
  clock_gettime(CLOCK_REALTIME, &wall);
  for (int i = 0; i < count; ++i) {
    nvmlFieldValue_t& out = values[i];
    out.timestamp = wall.tv_sec * 1'000'000LL + wall.tv_nsec / 1000;
    out.latencyUsec = 0;
    out.nvmlReturn = read_field(*call.gpu, call.t, out);
  }
  return kSuccess;
}
