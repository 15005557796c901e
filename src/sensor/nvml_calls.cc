// sensor: one function of NVIDIA's library for one reading; see nvml_calls.h.
#include "sensor/nvml_calls.h"

namespace joulery {
namespace {

/// Functions that give one unsigned number of a device, or of a part of it.
using PlainCall = NvmlReturn (*)(NvmlDevice, unsigned*);
using PartCall = NvmlReturn (*)(NvmlDevice, unsigned, unsigned*);

NvmlReturn read_u32(PlainCall call, NvmlDevice device, double scale, NvmlValues& out) {
  unsigned value = 0;
  if (call == nullptr) return kNvmlFunctionNotFound;
  const NvmlReturn code = call(device, &value);
  out[0] = value * scale;
  return code;
}

NvmlReturn read_u32(PartCall call, NvmlDevice device, unsigned part, double scale,
                    NvmlValues& out) {
  unsigned value = 0;
  if (call == nullptr) return kNvmlFunctionNotFound;
  const NvmlReturn code = call(device, part, &value);
  out[0] = value * scale;
  return code;
}

NvmlReturn read_energy(const NvmlApi& api, NvmlDevice device, NvmlValues& out) {
  unsigned long long millijoules = 0;
  if (api.energy == nullptr) return kNvmlFunctionNotFound;
  const NvmlReturn code = api.energy(device, &millijoules);
  out[0] = static_cast<double>(millijoules) * 1e-3;
  return code;
}

NvmlReturn read_utilization(const NvmlApi& api, NvmlDevice device, NvmlValues& out) {
  NvmlUtilization rates{};
  if (api.utilization == nullptr) return kNvmlFunctionNotFound;
  const NvmlReturn code = api.utilization(device, &rates);
  out = {static_cast<double>(rates.gpu), static_cast<double>(rates.memory)};
  return code;
}

NvmlReturn read_memory(const NvmlApi& api, NvmlDevice device, NvmlValues& out) {
  NvmlMemory memory{};
  if (api.memory == nullptr) return kNvmlFunctionNotFound;
  const NvmlReturn code = api.memory(device, &memory);
  out[0] = static_cast<double>(memory.used);
  return code;
}

constexpr double kMilli = 1e-3;
constexpr double kMega = 1e6;
constexpr double kKilo =
    1e3;  // NVML API Reference, nvmlDeviceGetPcieThroughput: "throughput in KB/s"

}  // namespace

NvmlReturn read_nvml(const NvmlApi& api, NvmlDevice device, NvmlReading reading, NvmlValues& out) {
  switch (reading) {
    case NvmlReading::kEnergy:
      return read_energy(api, device, out);
    case NvmlReading::kUtilization:
      return read_utilization(api, device, out);
    case NvmlReading::kMemoryUsed:
      return read_memory(api, device, out);
    case NvmlReading::kPower:
      return read_u32(api.power, device, kMilli, out);
    case NvmlReading::kTemperature:
      return read_u32(api.temperature, device, kNvmlTemperatureGpu, 1, out);
    case NvmlReading::kSmClock:
      return read_u32(api.clock, device, kNvmlClockSm, kMega, out);
    case NvmlReading::kMemoryClock:
      return read_u32(api.clock, device, kNvmlClockMemory, kMega, out);
    case NvmlReading::kRequestedLimit:
      return read_u32(api.requested_limit, device, kMilli, out);
    case NvmlReading::kEnforcedLimit:
      return read_u32(api.enforced_limit, device, kMilli, out);
    case NvmlReading::kDefaultLimit:
      return read_u32(api.default_limit, device, kMilli, out);
    case NvmlReading::kPcieRx:
      return read_u32(api.pcie_throughput, device, kNvmlPcieRx, kKilo, out);
    case NvmlReading::kPcieTx:
      return read_u32(api.pcie_throughput, device, kNvmlPcieTx, kKilo, out);
  }
  return kNvmlFunctionNotFound;
}

bool has_call(const NvmlApi& api, NvmlReading reading) {
  const bool pcie = reading == NvmlReading::kPcieRx || reading == NvmlReading::kPcieTx;
  return pcie && api.pcie_throughput != nullptr;
}

const char* call_of(NvmlReading reading) {
  switch (reading) {
    case NvmlReading::kEnergy:
      return "nvmlDeviceGetTotalEnergyConsumption";
    case NvmlReading::kPower:
      return "nvmlDeviceGetPowerUsage";
    case NvmlReading::kUtilization:
      return "nvmlDeviceGetUtilizationRates";
    case NvmlReading::kMemoryUsed:
      return "nvmlDeviceGetMemoryInfo";
    case NvmlReading::kTemperature:
      return "nvmlDeviceGetTemperature";
    case NvmlReading::kSmClock:
    case NvmlReading::kMemoryClock:
      return "nvmlDeviceGetClockInfo";
    case NvmlReading::kRequestedLimit:
      return "nvmlDeviceGetPowerManagementLimit";
    case NvmlReading::kEnforcedLimit:
      return "nvmlDeviceGetEnforcedPowerLimit";
    case NvmlReading::kDefaultLimit:
      return "nvmlDeviceGetPowerManagementDefaultLimit";
    case NvmlReading::kPcieRx:
    case NvmlReading::kPcieTx:
      return "nvmlDeviceGetPcieThroughput";
  }
  return "nvml";
}

}  // namespace joulery
