// slurm: what an sbatch command line asks for, and handing it to Slurm at the times of a plan.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "joulery/export.h"
#include "joulery/result.h"
#include "joulery/units.h"

namespace joulery {

/// An option of sbatch in force: the command line's, else that of its SBATCH_ variable, else the
/// script's.
struct SbatchOption {
  std::string value;  ///< empty for a switch
  std::string from;   ///< "sbatch --time", "SBATCH_TIMELIMIT", "job.sh line 3", for messages
  bool in_script = false;
};

/// An sbatch command line as sbatch itself reads it, without asking Slurm.
struct SbatchCall {
  std::vector<std::string> words;  ///< as given; the first is the program
  /// By long name. "no-requeue" is "requeue" with the value "no"; a given "requeue" has "yes".
  std::map<std::string, SbatchOption, std::less<>> options;
  std::string script;  ///< the file that was read; empty for --wrap and standard input
  std::optional<std::string> input;  ///< the script, where it was read from standard input
  std::string unknown;         ///< why there may be more options than these; empty: there are none
  bool words_read = true;      ///< false: an unknown option hides what stands behind it
  bool heterogeneous = false;  ///< it has several components
  [[nodiscard]] const SbatchOption* find(std::string_view name) const;
};

/// `words` from the program on. Where sbatch would read the script from standard input it is read
/// from `script_fd` up to its end; -1: it is not read. Errors: kUsage where that is not sbatch;
/// kInvalid for an input that is longer than Slurm's longest script, and where reading fails.
JOULERY_EXPORT Result<SbatchCall> read_sbatch_call(std::vector<std::string> words,
                                                   int script_fd = -1);

/// How long one run of the job may take, as Slurm rounds it: whole minutes, upwards. Empty where no
/// limit is given. Errors: kUsage.
JOULERY_EXPORT Result<std::optional<Seconds>> time_limit_of(const SbatchCall& call);
/// Whether nothing that was not read can have set another limit.
JOULERY_EXPORT bool is_limit_certain(const SbatchCall& call);

/// When a job is to run, as a plan says.
struct PlannedTimes {
  std::vector<std::pair<WallTime, WallTime>> slots;  ///< begin and end, in order
  std::optional<WallTime> deadline;                  ///< by which the job must have ended
  std::string place{};  ///< where it is to run, if the plan chose among several
};
/// The times of a document of `joulery plan --json`. Errors: kUnavailable; kInvalid, naming the
/// file.
JOULERY_EXPORT Result<PlannedTimes> read_plan_document(const std::string& file);

/// A stretch between two slots in which the job is not to run.
struct SlurmPause {
  WallTime begin{}, end{};
};

struct SubmitRequest {
  SbatchCall call;
  WallTime begin{}, end{};           ///< as planned
  std::optional<WallTime> deadline;  ///< by which the job must have ended
  std::vector<SlurmPause> pauses;    ///< in order; none for a job that is not interruptible
  std::string pause_partition;       ///< of the small jobs that pause; empty: the job's own
  std::string place{};               ///< as PlannedTimes has it
};

/// Slots that meet are one. Errors: kInvalid (no slot, slots that overlap, one that is over at
/// `now`, one that ends after the deadline, more than 100 pauses), those of check_submit().
JOULERY_EXPORT Result<SubmitRequest> make_submit_request(SbatchCall call, const PlannedTimes& times,
                                                         WallTime now);

/// Whether a plan can be handed over so. Errors: kUsage, naming what is in the way and what to do.
JOULERY_EXPORT Result<void> check_submit(const SbatchCall& call, bool interruptible);

/// A command of Slurm, and what it reads from standard input.
struct SlurmCommand {
  std::vector<std::string> words;
  std::string input;
};
/// What submit_job() would run, in order; JOB and PAUSE1, PAUSE2, ... stand for numbers that Slurm
/// has yet to give. `notes` are for the user: why the deadline was left out.
struct SubmitCommands {
  std::vector<SlurmCommand> commands;
  std::vector<std::string> notes;
};
JOULERY_EXPORT Result<SubmitCommands> submit_commands(const SubmitRequest& request);

struct Submitted {
  int exit_status = 0;                  ///< of sbatch; 128 + n for a signal
  std::string job;                      ///< its number; empty where sbatch told none
  std::vector<std::string> pause_jobs;  ///< one a pause, in order
  std::string tidy_job;                 ///< cancels those that are left when the job has ended
  std::vector<std::string> command;     ///< sbatch as it was run
  std::vector<std::string> notes;
};
/// Runs sbatch with the standard streams of this process, or with SbatchCall::input. Where a pause
/// cannot be arranged, the job is cancelled again. Errors: kUnavailable (no such program),
/// kTransient, kInvalid (what Slurm said of a pause).
JOULERY_EXPORT Result<Submitted> submit_job(const SubmitRequest& request);

/// The words as a shell would have to be given them.
JOULERY_EXPORT std::string shell_words(const std::vector<std::string>& words);

}  // namespace joulery
