// lease: what joulery-guard does: a second process that gives back when the holder cannot.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "hw/file_tree.h"
#include "joulery/lease.h"
#include "lease/machine.h"

namespace joulery {

/// The words that the guard is started with.
struct GuardWords {
  bool hold = false;  ///< "hold": takes, sets and holds a lease itself; "watch": over a holder's
  std::string directory;
  std::uint64_t lease = 0;  ///< watch
  ProcessIdentity holder;   ///< watch
  bool patient = false;     ///< watch: stays until it finds and reads the devices
  Seconds lifetime{0};      ///< hold
  std::uint32_t uid = 0;    ///< hold: on whose behalf
  std::string command;      ///< hold: as whom
  std::vector<CapWish> caps;
};
/// Errors: kUsage.
Result<GuardWords> parse_guard_words(const std::vector<std::string>& words);

/// Watches over a lease until its records are gone. Reports that it is ready, or why not.
Result<void> watch_lease(const GuardWords& words);
/// Sets the caps, reports, and holds them until their time is over or somebody ends it (SIGTERM).
Result<void> hold_lease(const GuardWords& words);

/// A process of its own among others: named, the last one that a machine short of memory ends, and
/// without the scheduling and the limits that whoever called joulery has set for their jobs, out of
/// reach of what ends them. As far as this process may.
void settle_in();

/// Leaves the control groups by which session managers and schedulers end or freeze a whole job:
/// the one of cgroup v2, of v1 the freezer's and systemd's. What else it is in, limits of memory
/// too, stays.
void leave_job_groups(const FileTree& files);

/// What a guard waits for, none of it by looking again and again. Signals that end a program are
/// blocked and queued while it lives.
class GuardWait {
 public:
  static Result<GuardWait> open();
  enum class Reason : std::uint8_t { kEnded, kTime, kSignal };
  /// `process`: a pidfd. `at_us`: CLOCK_BOOTTIME; empty: for ever.
  Reason wait(int process, std::optional<std::int64_t> at_us);

 private:
  FileDescriptor signals_, timer_;
};

}  // namespace joulery
