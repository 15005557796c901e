// hw: which GPUs belong to a job.
#pragma once

#include <string>
#include <vector>

namespace joulery {

/// Which GPUs belong to the job.
struct GpuSelection {
  std::vector<std::string>
      devices;  ///< indices in PCI order, UUIDs or unique UUID prefixes; empty: all
  bool none =
      false;  ///< the job was given no GPU (CUDA_VISIBLE_DEVICES is empty): `devices` is empty too
  /// Indices count as nvidia-smi does; else as CUDA does by itself, the fastest first.
  bool pci_order = true;
  std::string origin = "all";  ///< "--gpus", "CUDA_VISIBLE_DEVICES", "SLURM_JOB_GPUS", "all"
};

}  // namespace joulery
