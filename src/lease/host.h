// lease: what leases need of the machine beside devices and files: its life, clocks, processes and
// the guard. A test gives another machine.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hw/identity.h"
#include "joulery/result.h"
#include "joulery/units.h"

namespace joulery {

/// The second process, which gives back when the holder ends.
class GuardHandle {
 public:
  virtual ~GuardHandle() = default;
  enum class State : std::uint8_t { kStarting, kReady, kEnded };
  /// Returns at once.
  virtual State state() = 0;
  /// Why one has ended that never was ready, or is not yet after a long time; else empty.
  virtual std::string why() = 0;
  /// It has nothing to guard any more and ends.
  virtual void dismiss() = 0;
};

class LeaseHost {
 public:
  virtual ~LeaseHost() = default;
  /// Another one after each start of the machine; empty: not known.
  virtual std::string boot_id() = 0;
  virtual std::int64_t boot_time_us() = 0;  ///< CLOCK_BOOTTIME: goes on in sleep, is never stepped
  virtual WallTime wall_time() = 0;
  virtual void wait(Seconds time) = 0;
  virtual ProcessIdentity self() = 0;
  /// In which self() and is_alive() count processes: the inode of /proc/self/ns/pid; 0: not known.
  virtual std::uint64_t pid_namespace() = 0;
  virtual bool is_alive(const ProcessIdentity& process) = 0;
  virtual Result<void> signal(const ProcessIdentity& process, int number) = 0;
  virtual std::uint64_t random() = 0;
  /// Who is told as the holder: under sudo the caller.
  virtual std::uint32_t uid() = 0;
  virtual std::string command() = 0;
  /// Runs all `jobs` at once, as far as there are threads to be had, and returns when all have
  /// returned.
  virtual void run_all(const std::vector<std::function<void()>>& jobs) = 0;
  /// Null where there is none to be had (--sysroot). `ready`: returns once it watches; else at
  /// once.
  virtual Result<std::unique_ptr<GuardHandle>> start_guard(std::uint64_t lease, bool ready) = 0;
};

struct GuardSetting {
  bool wanted = true;
  std::string program;    ///< empty: looked for beside this one and where it is installed
  std::string directory;  ///< of the records
};
/// `uid`, `command`: empty: of this process.
struct HolderName {
  std::optional<std::uint32_t> uid;
  std::string command;
};
/// What a record, which anybody may read, tells of a process's words ('\0' after each): those of
/// joulery up to the name of the command behind "--", of another program its name. The rest may be
/// secret, as it is where /proc is mounted with hidepid.
std::string public_command(std::string_view words);

std::unique_ptr<LeaseHost> open_lease_host(const std::string& sysroot, GuardSetting guard,
                                           HolderName name);

}  // namespace joulery
