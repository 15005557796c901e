// hw: opening NVIDIA's management library; see nvml.h.
#include "hw/nvml.h"

#include <dlfcn.h>

#include <cstdlib>
#include <initializer_list>

#include "base/text.h"

namespace joulery {
namespace {

/// The first of `names` that there is: newer versions of a function first, then the one of older
/// drivers.
template <class Function>
void bind_first(const SymbolFinder& find, Function*& out,
                std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (void* address = find(name)) {
      out = reinterpret_cast<Function*>(address);
      return;
    }
}

/// Folder by folder of LD_LIBRARY_PATH: dlopen never looks again into one that was absent when it
/// first looked (glibc 2.36, elf/dl-load.c, open_path), and a guard outlives the exchange of a
/// driver.
void* open_on_search_path(const std::string& name) {
  const char* const folders = ::secure_getenv("LD_LIBRARY_PATH");
  if (folders == nullptr || name.find('/') != std::string::npos) return nullptr;
  for (const std::string_view folder : split(folders, ':')) {
    if (folder.empty()) continue;
    const std::string path = std::string(folder) + "/" + name;
    if (void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) return library;
  }
  return nullptr;
}

ErrorCode code_of(NvmlReturn code) {
  switch (code) {
    case kNvmlNotSupported:
    case kNvmlFunctionNotFound:
    case kNvmlVersionMismatch:
      return ErrorCode::kUnavailable;
    case kNvmlNoPermission:
      return ErrorCode::kDenied;
    case kNvmlUninitialized:
    case kNvmlDriverNotLoaded:
    case kNvmlGpuIsLost:
      return ErrorCode::kGone;
    default:
      return ErrorCode::kTransient;
  }
}

}  // namespace

void Nvml::bind_all(const SymbolFinder& find) {
  NvmlApi& a = api_;
  bind_first(find, a.init, {"nvmlInit_v2", "nvmlInit"});
  bind_first(find, a.device_count, {"nvmlDeviceGetCount_v2", "nvmlDeviceGetCount"});
  bind_first(find, a.device_by_index,
             {"nvmlDeviceGetHandleByIndex_v2", "nvmlDeviceGetHandleByIndex"});
  bind_first(find, a.uuid, {"nvmlDeviceGetUUID"});
  bind_first(find, a.shutdown, {"nvmlShutdown"});
  bind_first(find, a.error_string, {"nvmlErrorString"});
  bind_first(find, a.driver_version, {"nvmlSystemGetDriverVersion"});
  bind_first(find, a.device_by_uuid, {"nvmlDeviceGetHandleByUUID"});
  bind_first(find, a.parent_of_mig, {"nvmlDeviceGetDeviceHandleFromMigDeviceHandle"});
  bind_first(find, a.name, {"nvmlDeviceGetName"});
  bind_first(find, a.architecture, {"nvmlDeviceGetArchitecture"});
  bind_first(find, a.compute_capability, {"nvmlDeviceGetCudaComputeCapability"});
  bind_first(find, a.pci_info, {"nvmlDeviceGetPciInfo_v3"});
  bind_first(find, a.mig_mode, {"nvmlDeviceGetMigMode"});
  bind_first(find, a.field_values, {"nvmlDeviceGetFieldValues"});
  bind_first(find, a.energy, {"nvmlDeviceGetTotalEnergyConsumption"});
  bind_first(find, a.power, {"nvmlDeviceGetPowerUsage"});
  bind_first(find, a.utilization, {"nvmlDeviceGetUtilizationRates"});
  bind_first(find, a.memory, {"nvmlDeviceGetMemoryInfo"});
  bind_first(find, a.temperature, {"nvmlDeviceGetTemperature"});
  bind_first(find, a.clock, {"nvmlDeviceGetClockInfo"});
  bind_first(find, a.pcie_throughput, {"nvmlDeviceGetPcieThroughput"});
  // The unversioned function fills smaller records, so it is no fallback here.
  bind_first(
      find, a.compute_processes,
      {"nvmlDeviceGetComputeRunningProcesses_v3", "nvmlDeviceGetComputeRunningProcesses_v2"});
  bind_first(find, a.requested_limit, {"nvmlDeviceGetPowerManagementLimit"});
  bind_first(find, a.enforced_limit, {"nvmlDeviceGetEnforcedPowerLimit"});
  bind_first(find, a.default_limit, {"nvmlDeviceGetPowerManagementDefaultLimit"});
  bind_first(find, a.limit_range, {"nvmlDeviceGetPowerManagementLimitConstraints"});
  bind_first(find, a.set_limit, {"nvmlDeviceSetPowerManagementLimit"});
  bind_first(find, a.memory_clocks, {"nvmlDeviceGetSupportedMemoryClocks"});
  bind_first(find, a.graphics_clocks, {"nvmlDeviceGetSupportedGraphicsClocks"});
  bind_first(find, a.lock_clocks, {"nvmlDeviceSetGpuLockedClocks"});
  bind_first(find, a.reset_locked_clocks, {"nvmlDeviceResetGpuLockedClocks"});
  bind_first(find, a.limits_enabled, {"nvmlDeviceGetPowerManagementMode"});
  bind_first(find, a.persistence, {"nvmlDeviceGetPersistenceMode"});
  bind_first(find, a.virtualization, {"nvmlDeviceGetVirtualizationMode"});
  simulated_ = find("joulery_standin_version") != nullptr;
  bind_first(find, simulated_origin_, {"joulery_standin_origin"});
}

Result<std::shared_ptr<const Nvml>> Nvml::open(const std::string& path) {
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  const std::string why = library == nullptr ? dlerror() : "";
  if (library == nullptr) library = open_on_search_path(path);
  if (library == nullptr) return Error{ErrorCode::kUnavailable, why};
  // Never closed: the driver's library leaves threads and exit handlers behind that would run in
  // unmapped memory.
  return bind([library](const char* name) { return dlsym(library, name); });
}

Result<std::shared_ptr<const Nvml>> Nvml::bind(const SymbolFinder& find) {
  std::shared_ptr<Nvml> nvml(new Nvml);
  nvml->bind_all(find);
  JOULERY_CHECK(nvml->start());
  return std::shared_ptr<const Nvml>(std::move(nvml));
}

Result<void> Nvml::start() {
  if (api_.init == nullptr || api_.device_count == nullptr || api_.device_by_index == nullptr ||
      api_.uuid == nullptr)
    return Error{ErrorCode::kUnavailable,
                 std::string(kNvmlLibrary) +
                     " lacks nvmlInit, nvmlDeviceGetCount, nvmlDeviceGetHandleByIndex or "
                     "nvmlDeviceGetUUID"};
  if (const NvmlReturn code = api_.init(); code != kNvmlSuccess) {
    Error failed = error(code, "nvmlInit");
    if (failed.code != ErrorCode::kDenied) failed.code = ErrorCode::kUnavailable;
    return failed;
  }
  started_ = true;
  read_driver_version();
  return {};
}

void Nvml::read_driver_version() {
  char text[80] = {};  // NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE
  if (api_.driver_version == nullptr || api_.driver_version(text, sizeof text) != kNvmlSuccess)
    return;
  driver_ = text;
  char* end = nullptr;
  driver_major_ = static_cast<unsigned>(std::strtoul(text, &end, 10));
  if (*end == '.') driver_minor_ = static_cast<unsigned>(std::strtoul(end + 1, nullptr, 10));
}

Nvml::~Nvml() {
  if (started_ && api_.shutdown != nullptr) api_.shutdown();
}

Error Nvml::error(NvmlReturn code, const char* call) const {
  const char* text = api_.error_string != nullptr ? api_.error_string(code) : nullptr;
  return {code_of(code), std::string(call) + ": " + (text != nullptr ? text : "error") + " (" +
                             std::to_string(code) + ")"};
}

}  // namespace joulery
