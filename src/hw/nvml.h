// hw: NVIDIA's management library, opened at run time: one build for machines with and without it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "hw/nvml_api.h"
#include "joulery/result.h"

namespace joulery {

/// Gives the address of a function by its name, or null. The one seam below which a test stands in
/// for the library.
using SymbolFinder = std::function<void*(const char*)>;

/// The library, initialised; shut down by the destructor. Its calls may be made from any thread
/// (NVIDIA, NVML API Reference, "thread-safe").
class Nvml {
 public:
  /// `path` as dlopen takes it: a bare name is looked for where libraries are.
  /// Errors: kUnavailable (no library, no driver), kDenied.
  static Result<std::shared_ptr<const Nvml>> open(const std::string& path);
  /// The same on functions that somebody else has loaded.
  static Result<std::shared_ptr<const Nvml>> bind(const SymbolFinder& find);

  ~Nvml();
  Nvml(const Nvml&) = delete;
  Nvml& operator=(const Nvml&) = delete;

  const NvmlApi& api() const { return api_; }
  /// The stand-in of tests and demonstrations, which exports a function that says so.
  bool simulated() const { return simulated_; }
  unsigned driver_major() const { return driver_major_; }
  unsigned driver_minor() const { return driver_minor_; }
  const std::string& driver() const {
    return driver_;
  }  ///< "550.54.15"; empty where it does not say

  /// Changes when limits may have been lost, because the driver was loaded anew: the kernel's
  /// number of /sys/module/nvidia, of the stand-in its machine's beginning. Empty: not known.
  std::string driver_epoch() const;

  /// "nvmlDeviceGetX: Not Supported (3)", with the ErrorCode that fits.
  Error error(NvmlReturn code, const char* call) const;

 private:
  Nvml() = default;
  void bind_all(const SymbolFinder& find);
  Result<void> start();
  void read_driver_version();

  NvmlApi api_;
  bool started_ = false;
  bool simulated_ = false;
  double (*simulated_origin_)() = nullptr;
  std::string driver_;
  unsigned driver_major_ = 0, driver_minor_ = 0;
};

inline constexpr const char* kNvmlLibrary = "libnvidia-ml.so.1";

}  // namespace joulery
