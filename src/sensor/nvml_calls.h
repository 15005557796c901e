// sensor: readings of an NVIDIA board that have a call of their own.
#pragma once

#include <array>
#include <cstdint>

#include "hw/nvml.h"

namespace joulery {

enum class NvmlReading : std::uint8_t {
  kEnergy,          ///< J
  kPower,           ///< W
  kUtilization,     ///< %, of the SMs and of the memory
  kMemoryUsed,      ///< B
  kTemperature,     ///< Cel
  kSmClock,         ///< Hz
  kMemoryClock,     ///< Hz
  kRequestedLimit,  ///< W, as the next two
  kEnforcedLimit,
  kDefaultLimit,
  kPcieRx,  ///< B/s; takes 20 ms, as the next
  kPcieTx,
};

/// kUtilization gives two values, the others one.
using NvmlValues = std::array<double, 2>;

/// kNvmlFunctionNotFound where the library lacks the call. No allocation.
NvmlReturn read_nvml(const NvmlApi& api, NvmlDevice device, NvmlReading reading, NvmlValues& out);
/// Whether the library has the call; of the blocking ones alone, which are not tried beforehand.
bool has_call(const NvmlApi& api, NvmlReading reading);
/// "nvmlDeviceGetPowerUsage": for messages.
const char* call_of(NvmlReading reading);

}  // namespace joulery
