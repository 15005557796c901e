// actuator: every kind of device that can be capped; one file a kind, one line in registry.cc.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "actuator/power_cap.h"
#include "hw/file_tree.h"
#include "hw/nvml_board.h"
#include "joulery/gpu.h"

namespace joulery {

struct CapMachine {
  std::shared_ptr<const FileTree> files;  ///< never null
  std::string nvml_library;               ///< empty: no vendor library is opened (--sysroot)
  GpuSelection gpus;
  bool as_root = false;  ///< writes take the rights of root, where this process can have them
};

using PowerCaps = std::vector<std::unique_ptr<PowerCap>>;

/// Adds what it finds; hardware that is absent is no error. Errors: kInvalid (a GPU that was named
/// is not there).
using OpenPowerCaps = Result<void> (*)(const CapMachine&, PowerCaps&);

/// All devices of the machine, GPUs in PCI order before CPUs; `gpus` decides which are `chosen`.
/// Errors: kInvalid.
Result<PowerCaps> open_power_caps(const CapMachine& machine);

Result<void> open_nvml_limits(const CapMachine& machine, PowerCaps& caps);
Result<void> open_rapl_limits(const CapMachine& machine, PowerCaps& caps);

/// The SM clock of one board; null where `nvml` or the board cannot lock it.
std::unique_ptr<ClockLock> open_nvml_clocks(std::shared_ptr<const Nvml> nvml,
                                            const NvmlBoard& board, bool as_root);

/// The boards of a library that is open already.
Result<void> open_nvml_limits_on(const std::shared_ptr<const Nvml>& nvml, const CapMachine& machine,
                                 PowerCaps& caps);

}  // namespace joulery
