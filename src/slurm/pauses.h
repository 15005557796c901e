// slurm: small jobs that pause another one, so that no daemon of ours has to.
#pragma once

#include <string>
#include <vector>

#include "joulery/result.h"
#include "joulery/slurm.h"

namespace joulery {

/// A signal for the job some time before it is ended: sbatch --signal.
struct Warning {
  std::string words;  ///< of scancel: "--batch --signal=USR1"; empty: none is wanted
  Seconds lead{0};
};
/// Errors: kUsage.
Result<Warning> warning_of(const SbatchCall& call);

/// The job that ends `job` at the begin of the pause, to be started again at the pause's end. Where
/// it comes late it does what is left to do; where `job` has ended it does nothing.
Result<SlurmCommand> pause_job(const SubmitRequest& request, const SlurmPause& pause,
                               const std::string& job);
/// The job that cancels those which are left once `job` has ended.
SlurmCommand tidy_job(const SubmitRequest& request, const std::string& job,
                      const std::vector<std::string>& pause_jobs);

/// "uts1795656641": seconds since 1970, which Slurm takes for a time in no zone. Rounded up to
/// whole seconds, Slurm's resolution.
std::string slurm_time(WallTime time);

}  // namespace joulery
