// slurm: the options that a batch script asks for itself, in its #SBATCH lines.
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
  bool heterogeneous = false;  ///< "#SBATCH hetjob" parts its components
  std::string unknown;         ///< "line 3: --power-cap", where reading ended
};

/// The lines before the first that is neither blank nor a comment: sbatch looks no further.
ScriptOptions read_script_options(std::string_view script);

}  // namespace joulery
