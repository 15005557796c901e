// slurm: the options that a batch script asks for itself, in its #SBATCH, #PBS and #BSUB lines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "slurm/option_words.h"

namespace joulery {

struct ScriptOption {
  GivenOption option;
  std::size_t line = 0;  ///< from 1
};

struct ScriptOptions {
  std::vector<ScriptOption> options;
  /// Those that a plan has to know of #PBS and #BSUB lines. sbatch lets them win over `options`,
  /// wherever they stand, and heeds none with --ignore-pbs.
  std::vector<ScriptOption> foreign;
  bool heterogeneous = false;  ///< "#SBATCH hetjob" parts its components
  std::string unknown;         ///< "line 3: --power-cap", where reading ended
};

/// The lines before the first command, as sbatch 22.05 reads them: what stands behind all marks is
/// one command line, so that a value may stand on the line after its option.
ScriptOptions read_script_options(std::string_view script);

}  // namespace joulery
