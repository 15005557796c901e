// hw: processes: starting the command that is measured without leaving a trace on it, and what
// /proc tells of others.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hw/file_tree.h"
#include "hw/privilege.h"
#include "joulery/result.h"
#include "joulery/units.h"

namespace joulery {

/// What a new process gets that this one has changed for itself, as it was found.
struct Inheritance {
  sigset_t signal_mask{};
  struct sigaction child_action {
  };  ///< of SIGCHLD: a process that ignores it could not wait for its command
  std::vector<int>
      file_descriptors;  ///< open when joulery came, ascending; all others are closed at the exec

  /// Where this process is root that acts as somebody else: the command is theirs for good.
  std::optional<Credentials> user;

  /// The state of this process now; of descriptors those alone that were there at
  /// note_descriptors(), too.
  static Inheritance take();
  /// For who takes the state later, after calls that may open descriptors and leave them open, as a
  /// module of the user database may. Before other threads; the first call counts.
  static void note_descriptors();
};

/// Starts `command` in this process's group, terminal and directory, with `environment`
/// (NAME=VALUE) in place of ours. Looks it up like a shell: $PATH, and /bin/sh for a script without
/// "#!". Returns once its exec has succeeded. Errors: kUnavailable: not found; kTransient: no
/// process could be made; else: found, but cannot be executed.
Result<pid_t> start_process(const std::vector<std::string>& command,
                            const std::vector<std::string>& environment,
                            const Inheritance& inherit);

/// This process's environment with `added` (NAME=VALUE) in place of variables of the same name;
/// those of `dropped` left out.
std::vector<std::string> make_environment(const std::vector<std::string>& added,
                                          const std::vector<std::string>& dropped);

struct ProcessName {
  pid_t pid = 0;
  std::string name;  ///< its /proc/PID/comm: any 15 bytes
};
struct ProcessSearch {
  std::vector<ProcessName> found;
  bool complete = true;  ///< false: the time was up before all were seen
};
/// Processes of this user, without this one, whose environment at their exec held `assignment`
/// ("NAME=VALUE"). 0.7 ms among 100 processes, and 2 ms for each younger one that has no
/// environment; stops after `limit`.
ProcessSearch find_processes_with(const std::string& assignment, Micros limit);

/// Parent of a process; 0 where it is gone or unknown.
pid_t parent_of(pid_t pid);

/// CPU time that the machine has spent since boot on anything but waiting: user, nice, system,
/// interrupts; what a hypervisor took (steal) is not this machine's. Resolution: 10 ms for each
/// CPU. Errors: kUnavailable, kInvalid.
Result<Seconds> read_busy_time(const FileTree& files);

/// Of each word, and a null behind them, as exec(3) takes them; they live as long as `words`.
std::vector<char*> pointers_to(const std::vector<std::string>& words);

}  // namespace joulery
