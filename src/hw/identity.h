// hw: which process is meant, though its number may be given to another one, and when it ends.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string_view>

#include "base/file.h"
#include "joulery/result.h"

namespace joulery {

/// A process by its number and the clock tick since boot at which it started: no two alike.
struct ProcessIdentity {
  pid_t pid = 0;
  std::uint64_t start = 0;  ///< field 22 of /proc/PID/stat, in clock ticks
  friend bool operator==(const ProcessIdentity&, const ProcessIdentity&) = default;
};

/// What /proc/PID/stat tells.
struct ProcessStat {
  char state = '?';
  std::uint64_t start = 0;
};
/// Whatever the program is called. Errors: kInvalid.
Result<ProcessStat> parse_process_stat(std::string_view stat);

/// Errors: kGone, where there is no such process; kUnavailable, where /proc hides it or is absent.
Result<ProcessIdentity> identify_process(pid_t pid);
Result<ProcessIdentity> own_identity();

/// False for one that has ended and waits for its parent to notice (a zombie). True where it cannot
/// be told: where /proc does not show a process, only the kernel's word that there is none of that
/// number counts as its end.
bool is_alive(const ProcessIdentity& process);

/// Readable once the process has ended. Errors: kGone, where it has; kUnavailable, where the kernel
/// has no such descriptors.
Result<FileDescriptor> watch_process(const ProcessIdentity& process);
/// Errors: kGone, kDenied.
Result<void> signal_process(const ProcessIdentity& process, int signal);

}  // namespace joulery
