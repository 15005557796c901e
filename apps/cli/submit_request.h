// joulery: the flags of submit and what they ask for: a plan made here or read, and sbatch's words.
#pragma once

#include <array>
#include <optional>

#include "args.h"
#include "joulery/plan.h"
#include "joulery/slurm.h"

namespace joulery::cli {

inline constexpr std::array kSubmitFlags = {
    Flag{"--plan", "FILE", "plan.json",
         "take the times from a document of `joulery plan --json` instead of planning"},
    Flag{"--pause-partition", "NAME", "cpu",
         "where the small jobs run that pause an interruptible one (default: where it runs)"},
    Flag{"--dry-run", "", "", "print the commands on standard output, and run none"},
    Flag{"--quiet", "", "", "say nothing of what was planned and run"},
    Flag{"--output", "FILE", "submit.json", "write plan and job number to FILE as a JSON document"},
    Flag{"--json", "", "",
         "refused: standard output belongs to sbatch; --output FILE writes the document"},
};

struct SubmitTask {
  SubmitRequest request;
  std::optional<Plan> plan;  ///< absent where it was read from a document
  TimeZone zone;             ///< of the times that are printed
};

/// Errors: kUsage and kInvalid, naming the flag or the word of sbatch.
Result<SubmitTask> read_submit_task(const Args& args);

}  // namespace joulery::cli
