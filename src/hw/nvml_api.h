// hw: the part of NVIDIA's management library that is used, declared here because the library is
// opened at run time and its header is not needed to build. Layouts and numbers: NVIDIA, NVML API
// Reference (nvml.h of CUDA 12 and 13).
#pragma once

#include <cstddef>

namespace joulery {

using NvmlReturn = int;
struct NvmlDeviceHandle;  // opaque
using NvmlDevice = NvmlDeviceHandle*;

enum NvmlCode : NvmlReturn {
  kNvmlSuccess = 0,
  kNvmlUninitialized = 1,
  kNvmlInvalidArgument = 2,
  kNvmlNotSupported = 3,
  kNvmlNoPermission = 4,
  kNvmlNotFound = 6,
  kNvmlInsufficientSize = 7,
  kNvmlDriverNotLoaded = 9,
  kNvmlFunctionNotFound = 13,
  kNvmlGpuIsLost = 15,
  kNvmlVersionMismatch = 18,  ///< library and kernel module are of different versions
};

enum NvmlArchitecture : unsigned {
  kNvmlKepler = 2,
  kNvmlMaxwell = 3,
  kNvmlPascal = 4,
  kNvmlVolta = 5,
  kNvmlTuring = 6,
  kNvmlAmpere = 7,
  kNvmlAda = 8,
  kNvmlHopper = 9,
  kNvmlBlackwell = 10,
};

enum NvmlField : unsigned {
  kNvmlThrottlePower = 74,      ///< ns held down by the power limit
  kNvmlThrottleThermal = 75,    ///< ns, software thermal slowdown
  kNvmlThrottleSyncBoost = 76,  ///< ns, held down to the clock of its boost group
  kNvmlTotalEnergy = 83,        ///< mJ since the driver was loaded, of the GPU
  kNvmlPowerAverage = 185,      ///< mW
  kNvmlPowerInstant = 186,      ///< mW
  kNvmlMinLimit = 187,          ///< mW, as the next four
  kNvmlMaxLimit = 188,
  kNvmlDefaultLimit = 189,
  kNvmlCurrentLimit = 190,  ///< enforced: the least of all limiters, out-of-band ones too
  kNvmlEnergy = 191,        ///< as kNvmlTotalEnergy, of a scope
  kNvmlRequestedLimit = 192,
};
/// Ids of the hardware's throttle counters (ns). Driver 580.82 renumbered 251 to 273, so that an
/// old id gives another quantity there (nvml-wrapper 0.12, FieldIdScheme).
inline constexpr unsigned kNvmlThrottleHwThermalOld = 252;
inline constexpr unsigned kNvmlThrottleHwBrakeOld = 253;
inline constexpr unsigned kNvmlThrottleHwThermal = 270;
inline constexpr unsigned kNvmlThrottleHwBrake = 271;

inline constexpr unsigned kNvmlGpuScope = 0;
inline constexpr unsigned kNvmlModuleScope = 1;  ///< the GPU and NVIDIA's CPU beside it (Grace)

enum NvmlValueType : unsigned {
  kNvmlDouble = 0,
  kNvmlUnsignedInt = 1,
  kNvmlUnsignedLong = 2,
  kNvmlUnsignedLongLong = 3,
  kNvmlSignedLongLong = 4,
};

union NvmlValue {
  double d;
  unsigned u32;
  unsigned long ul;
  unsigned long long u64;
  long long s64;
};

struct NvmlFieldValue {
  unsigned field;
  unsigned scope;
  long long timestamp;
  long long latency_us;
  unsigned type;  ///< NvmlValueType
  NvmlReturn code;
  NvmlValue value;
};
static_assert(sizeof(NvmlFieldValue) == 40 && offsetof(NvmlFieldValue, value) == 32);

struct NvmlPciInfo {
  char bus_id_legacy[16];
  unsigned domain, bus, device, device_id, subsystem_id;
  char bus_id[32];
};
static_assert(sizeof(NvmlPciInfo) == 68);

struct NvmlUtilization {
  unsigned gpu, memory;  ///< percent of the last 1/6 s to 1 s, by product
};

struct NvmlMemory {
  unsigned long long total, free, used;  ///< bytes
};

struct NvmlProcess {
  unsigned pid;
  unsigned long long used_memory;
  unsigned gpu_instance, compute_instance;
};
static_assert(sizeof(NvmlProcess) == 24);

inline constexpr unsigned kNvmlTemperatureGpu = 0;
inline constexpr unsigned kNvmlClockSm = 1;
inline constexpr unsigned kNvmlClockMemory = 2;
inline constexpr unsigned kNvmlVgpu = 2;  ///< of virtualization: this is a guest's share of a board
inline constexpr unsigned kNvmlPcieTx = 0;
inline constexpr unsigned kNvmlPcieRx = 1;

/// The library's functions. Those that it lacks are null; open() makes sure of the first block.
struct NvmlApi {
  NvmlReturn (*init)() = nullptr;
  NvmlReturn (*device_count)(unsigned* count) = nullptr;
  NvmlReturn (*device_by_index)(unsigned index, NvmlDevice* device) = nullptr;
  NvmlReturn (*uuid)(NvmlDevice device, char* text, unsigned size) = nullptr;

  NvmlReturn (*shutdown)() = nullptr;
  const char* (*error_string)(NvmlReturn code) = nullptr;
  NvmlReturn (*driver_version)(char* text, unsigned size) = nullptr;
  NvmlReturn (*device_by_uuid)(const char* uuid, NvmlDevice* device) = nullptr;
  NvmlReturn (*parent_of_mig)(NvmlDevice mig, NvmlDevice* device) = nullptr;
  NvmlReturn (*name)(NvmlDevice device, char* text, unsigned size) = nullptr;
  NvmlReturn (*architecture)(NvmlDevice device, unsigned* architecture) = nullptr;
  NvmlReturn (*compute_capability)(NvmlDevice device, int* major, int* minor) = nullptr;
  NvmlReturn (*pci_info)(NvmlDevice device, NvmlPciInfo* info) = nullptr;
  NvmlReturn (*mig_mode)(NvmlDevice device, unsigned* current, unsigned* pending) = nullptr;
  NvmlReturn (*field_values)(NvmlDevice device, int count, NvmlFieldValue* values) = nullptr;
  NvmlReturn (*energy)(NvmlDevice device, unsigned long long* millijoules) = nullptr;
  NvmlReturn (*power)(NvmlDevice device, unsigned* milliwatts) = nullptr;
  NvmlReturn (*utilization)(NvmlDevice device, NvmlUtilization* rates) = nullptr;
  NvmlReturn (*memory)(NvmlDevice device, NvmlMemory* memory) = nullptr;
  NvmlReturn (*temperature)(NvmlDevice device, unsigned sensor, unsigned* celsius) = nullptr;
  NvmlReturn (*clock)(NvmlDevice device, unsigned type, unsigned* megahertz) = nullptr;
  NvmlReturn (*pcie_throughput)(NvmlDevice device, unsigned counter,
                                unsigned* kilobytes_per_s) = nullptr;
  NvmlReturn (*compute_processes)(NvmlDevice device, unsigned* count,
                                  NvmlProcess* processes) = nullptr;
  NvmlReturn (*requested_limit)(NvmlDevice device, unsigned* milliwatts) = nullptr;
  NvmlReturn (*enforced_limit)(NvmlDevice device, unsigned* milliwatts) = nullptr;
  NvmlReturn (*default_limit)(NvmlDevice device, unsigned* milliwatts) = nullptr;
  NvmlReturn (*limit_range)(NvmlDevice device, unsigned* low_mw, unsigned* high_mw) = nullptr;
  NvmlReturn (*set_limit)(NvmlDevice device, unsigned milliwatts) = nullptr;
  NvmlReturn (*memory_clocks)(NvmlDevice device, unsigned* count, unsigned* megahertz) = nullptr;
  NvmlReturn (*graphics_clocks)(NvmlDevice device, unsigned memory_megahertz, unsigned* count,
                                unsigned* megahertz) = nullptr;
  NvmlReturn (*lock_clocks)(NvmlDevice device, unsigned low_megahertz,
                            unsigned high_megahertz) = nullptr;
  NvmlReturn (*reset_locked_clocks)(NvmlDevice device) = nullptr;
  NvmlReturn (*limits_enabled)(NvmlDevice device, unsigned* enabled) = nullptr;
  NvmlReturn (*persistence)(NvmlDevice device, unsigned* enabled) = nullptr;
  NvmlReturn (*virtualization)(NvmlDevice device, unsigned* mode) = nullptr;
};

}  // namespace joulery
