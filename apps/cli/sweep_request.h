// joulery: what the command line of a sweep asks for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "args.h"
#include "joulery/control.h"

namespace joulery::cli {

extern const std::span<const Flag> kSweepFlags;

struct SweepRequest {
  SweepOptions options;              ///< of each combination; its command as it was typed
  std::vector<GridPoint> grid;       ///< one without a key where there is no grid
  CapOptions caps;                   ///< without its GPUs
  std::vector<std::string> devices;  ///< --device, as it was typed
  std::string gpus;                  ///< --gpus
  std::string output, plot;          ///< empty: none
  bool quiet = false;
};

/// Errors: kUsage; kInvalid (the grid), before anything is started.
Result<SweepRequest> read_sweep_request(const Args& args);

}  // namespace joulery::cli
