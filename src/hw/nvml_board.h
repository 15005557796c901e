// hw: which NVIDIA boards there are, what they are called, and which of them belong to the job.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hw/nvml.h"
#include "joulery/gpu.h"
#include "joulery/units.h"

namespace joulery {

struct NvmlBoard {
  NvmlDevice device = nullptr;
  std::string uuid;
  std::string name;           ///< "NVIDIA A100-SXM4-40GB"
  unsigned architecture = 0;  ///< NvmlArchitecture; 0: unknown
  bool ga100 = false;         ///< A100 and its kin: NVML counts them with A40, their sensors differ
  bool mig = false;           ///< divided into instances, which have no sensors of their own
  std::optional<Watts> max_limit;
  std::optional<Error> failure;  ///< it is there but cannot be used: it keeps its index
};

/// The part that a board's power is told of and capped by: "gpu/GPU-1b2c/board"; of a module that
/// is read as a whole, NVIDIA's CPU with it, "gpu/GPU-1b2c/module".
std::string nvml_component(const NvmlBoard& board, bool module = false);

/// In PCI order, as nvidia-smi counts. Errors: kUnavailable, kDenied.
Result<std::vector<NvmlBoard>> list_nvml_boards(const Nvml& nvml);

/// Indices into `boards`, each once, in the order of the selection.
/// Errors: kInvalid where --gpus names what is not there, with what is. What the environment names
/// is no mistake of the user's: CUDA's list ends there, and Slurm's counts boards that the job may
/// not see.
Result<std::vector<std::size_t>> select_nvml_boards(const Nvml& nvml,
                                                    const std::vector<NvmlBoard>& boards,
                                                    const GpuSelection& selection);

/// Whether the selection may mean other boards than select_nvml_boards() takes: it counts by
/// CUDA's own order, in which boards of one model keep that of PCI, and there are several models.
bool may_mean_others(const std::vector<NvmlBoard>& boards, const GpuSelection& selection);

/// Why that is, and what to do about it.
inline constexpr const char* kOrderUnknown =
    "CUDA_VISIBLE_DEVICES counts the fastest GPU first, nvidia-smi by PCI address, and these are "
    "of "
    "several models: this may not be the job's";
inline constexpr const char* kSetOrder =
    "set CUDA_DEVICE_ORDER=PCI_BUS_ID for the job, or name its GPUs by UUID";

}  // namespace joulery
