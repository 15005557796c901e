// slurm: starts a command of Slurm, without a shell, and takes what it says.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "joulery/result.h"
#include "joulery/slurm.h"

namespace joulery {

struct CommandEnd {
  int exit_status = 0;  ///< 128 + n for a signal
  std::string output;   ///< its first 64 KiB
};

/// With the standard streams of this process, or with `input`; what it writes to standard output is
/// passed on at once. Errors: kUnavailable where there is no such program; kTransient.
Result<CommandEnd> run_in_sight(const std::vector<std::string>& words,
                                const std::optional<std::string>& input);

/// Reads `command.input`; `output` has what it wrote to either stream. Without the variables by
/// which the user speaks to Slurm's commands (SBATCH_..., SQUEUE_..., SCANCEL_..., SCONTROL_...).
/// Errors: as above.
Result<CommandEnd> run_aside(const SlurmCommand& command);

}  // namespace joulery
