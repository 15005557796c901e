// control: runs one command again and again at several power caps, and asks the policy for the
// best.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "joulery/account.h"
#include "joulery/export.h"
#include "joulery/job.h"
#include "joulery/lease.h"
#include "joulery/policy.h"
#include "joulery/session.h"
#include "joulery/trace.h"

namespace joulery {

/// A cap as it was typed.
struct WantedCap {
  double value = 0;  ///< W, or percent of the default limit of a device
  bool percent = false;
};
/// "100W,150W,60%". Errors: kUsage, naming `flag` and a right value.
JOULERY_EXPORT Result<std::vector<WantedCap>> parse_caps(std::string_view text,
                                                         std::string_view flag);
/// In watts. Errors: kUsage (a share of a default limit that `device` does not tell).
JOULERY_EXPORT Result<Watts> cap_for(const WantedCap& cap, const CapDevice& device);

/// Why `command` must not be swept from here: it hands its work to other nodes, whose devices this
/// one cannot cap (srun, sbatch, salloc, mpirun with hosts, also behind env, nohup, sh -c, ...).
/// Errors: kUsage with the reason.
JOULERY_EXPORT Result<void> check_stays_here(const std::vector<std::string>& command);

struct SweepOptions {
  std::vector<WantedCap> caps;
  std::vector<std::string> devices;  ///< of CapControl; empty: its GPUs, else its CPU packages
  /// Runs at each cap; empty: three, and under a bound on slowdown as many more as their scatter
  /// asks for (find_repeats), eight at most and where these take four hours at most.
  std::optional<int> repeat;
  bool warm_up = false;  ///< one run first that is not counted
  /// Wait so long before each run; empty: until the devices draw their idle power again, at most
  /// two minutes.
  std::optional<Seconds> cool_down;
  std::string same;                   ///< a file that every run must write alike; empty: none
  std::optional<std::uint64_t> seed;  ///< of the order of the caps in each repeat; empty: drawn
  /// Take over the finished runs of the newest sweep of this plan; kIfThere: or begin one.
  enum class Resume : std::uint8_t { kNo, kYes, kIfThere };
  Resume resume = Resume::kNo;
  SessionOptions session;
  Job job;  ///< of every run; the sweep adds its tags
  Place place;
  ChoiceRules rules;
};

/// A cap of the sweep, the same for all devices or of each its own.
struct SweepLevel {
  Watts cap{};                    ///< mean over the devices
  std::vector<Watts> per_device;  ///< in the order of Sweep::devices
  std::string text;               ///< "150 W", "60 % (150 W)"
};

/// What became of one run.
struct SweepRun {
  std::string id;                    ///< in the ledger; empty: not even started
  std::optional<std::size_t> level;  ///< index into Sweep::levels; absent: the found limit
  std::size_t step = 0;  ///< place in the plan; a baseline made again after a pause has its old one
  std::uint64_t order = 0;  ///< in which the runs of this sweep were made, those that failed too
  bool warm_up = false;
  bool resumed = false;  ///< of an earlier, interrupted call
  SweepTrial trial;      ///< what the policy sees
  std::vector<std::pair<std::string, Joules>> device_energy;
  double gain_u = 0;  ///< relative, of the devices' energy: what all runs share
  std::size_t marks = 0;
  std::string digest;  ///< of SweepOptions::same
  std::optional<int> exit_status, signal;
  std::vector<Survivor> survivors;  ///< of its command, which had not ended with it
  bool interrupted = false;         ///< a signal came to end the sweep
  bool controlled = true;           ///< false: somebody else changed a limit, or a device was lost
  bool simulated = false;
  std::vector<std::string> notes;
};

struct Sweep {
  std::string id;
  std::vector<std::pair<std::string, std::string>> key;  ///< of a grid: axis and value
  Job job;
  ChoiceRules rules;
  std::uint64_t seed = 0;
  std::string equal_work_by;        ///< "marks", "file", "marks and file", "exit status"
  std::vector<CapDevice> devices;   ///< as they were found
  Watts found{};                    ///< limit in force when it began: mean over the devices
  std::vector<SweepLevel> levels;   ///< by rising cap
  std::optional<Watts> idle_power;  ///< of the devices together, before the first run
  std::vector<SweepRun> runs;
  std::size_t planned = 0;  ///< runs that the whole sweep has
  std::optional<CapChoice> choice;
  std::string no_choice;  ///< why there is none
  bool equal_work = true;
  std::optional<int> interrupted;   ///< the signal that ended it early
  std::optional<Error> given_back;  ///< a device could not be given back
  std::vector<std::string> notes;

  /// How many of the planned runs were started; one that was made again counts once.
  [[nodiscard]] std::size_t steps_made() const;
  /// Whether every run that was planned was made, and none failed.
  [[nodiscard]] bool succeeded() const;
};

// ---- grids: the same sweep for every combination of some axes; docs/formats/sweep.md

struct GridAxis {
  std::string name;
  std::vector<std::string> values;
};
struct GridPoint {
  std::vector<std::pair<std::string, std::string>> key;  ///< axis and value
  std::vector<std::string> command;
};
/// Errors: kInvalid (file, line and what is wrong), kUnavailable, kDenied.
JOULERY_EXPORT Result<std::vector<GridAxis>> load_grid(const std::string& path);
/// All combinations, the last axis running fastest. {AXIS} in a word of `command` becomes its
/// value; an axis that no word names becomes a variable of the environment, set by env(1).
JOULERY_EXPORT std::vector<GridPoint> make_grid(const std::vector<GridAxis>& axes,
                                                const std::vector<std::string>& command);

// ---- where runs are kept: the ledger, of which a sweep needs this much.

class SweepRecord {
 public:
  virtual ~SweepRecord() = default;
  virtual const std::string& id() const = 0;
  virtual SampleSink& sink() = 0;
  virtual Result<void> close(const TraceInfo& end, const Job& job) = 0;
};
struct KeptRun {
  Job job;
  Place place;
  std::unique_ptr<Trace> trace;
};
struct KeptTags {
  std::string id;
  bool finished = false;  ///< its record is complete and its command ended with 0
  std::vector<std::pair<std::string, std::string>> tags;
};
class SweepStore {
 public:
  virtual ~SweepStore() = default;
  virtual Result<std::unique_ptr<SweepRecord>> begin(const Job& job, const Place& place,
                                                     std::span<const Channel> channels,
                                                     const TraceInfo& start) = 0;
  virtual Result<KeptRun> load(const std::string& id) = 0;
  virtual Result<void> remove(const std::string& id) = 0;
  /// Newest first.
  virtual Result<std::vector<KeptTags>> list() = 0;
};

/// Told before each run and each wait.
struct SweepProgress {
  std::size_t done = 0, planned = 0;
  std::string what;             ///< "150 W, run 3 of 9", "cooling down"
  std::optional<Seconds> left;  ///< absent before the first run has ended
  /// In place of `what`, and wherever standard error goes: how many runs there may be, before the
  /// first of them.
  std::string news;
};

/// What a sweep works with. All outlive it.
struct SweepTools {
  CapControl& caps;
  SessionSeries& sessions;
  SweepStore& store;
  std::function<void(const SweepProgress&)> progress;  ///< may be empty
};

/// Runs the sweep and gives every device back as it was found, whatever happens. Each run finds
/// standard input as the first did: a file where it stood; a pipe or a socket is empty, and stays
/// so. A command that
/// fails, a limit that somebody else changes, a device that is lost and a signal are told in the
/// result; what was measured until then is in it and in the store.
/// Errors: before the first run: kUsage (caps, command, devices), kDenied, kUnavailable (a device
/// that cannot be capped, or is held), kInvalid (nothing to resume).
JOULERY_EXPORT Result<Sweep> run_sweep(const SweepOptions& options, const SweepTools& tools);

}  // namespace joulery
