// lease: who holds a device's power cap, what it was found at, and giving it back. No limit is
// written without a lease.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "joulery/export.h"
#include "joulery/gpu.h"
#include "joulery/result.h"
#include "joulery/sample.h"
#include "joulery/units.h"

namespace joulery {

/// Who holds a device.
struct CapHolder {
  std::int64_t pid = 0;
  std::uint32_t uid = 0;  ///< of the person on whose behalf: under sudo the caller
  std::string command;
  WallTime since;
  std::optional<Seconds> left;  ///< until the lease expires by itself; empty: with its holder
  Watts found{};                ///< requested before the lease: what is given back
  Watts asked{};                ///< what the holder wants in force
  std::optional<Hertz> clock;   ///< locked to at most; what was found cannot be read: unlocked
  bool dead = false;            ///< the holder has ended and nobody has given the device back yet
  bool detached = false;        ///< of `cap set --for`: nobody waits for it, end_detached() ends it
};

/// A device whose power can be capped, or could be: a line of `joulery cap get`.
struct CapDevice {
  std::string id;  ///< the component of the sensors: "gpu/GPU-1b2c/board", "cpu/0/package"
  ComponentKind kind = ComponentKind::kGpu;
  std::string model;
  std::optional<Watts> least, most;    ///< what can be asked for; queried, never from a table
  std::optional<Watts> default_limit;  ///< absent where the hardware tells none (RAPL)
  std::optional<Watts> requested;      ///< what software asked for last
  std::optional<Watts> enforced;       ///< the least of all limiters, out-of-band ones too
  std::optional<Hertz> least_clock, most_clock;  ///< to which it can be locked; absent: it cannot
  std::string refused;                           ///< why it cannot be set from here; empty: it can
  std::string advice;                            ///< what the user can do about that
  std::vector<std::string> notes;                ///< "out-of-band cap: ..."
  std::optional<CapHolder> holder;
};

/// What is wanted of one device; what is absent stays as it is.
struct CapWish {
  std::string device;
  std::optional<Watts> cap;
  std::optional<Hertz> clock = {};  ///< the highest SM clock
};

/// What a look at a held device saw.
struct CapWatch {
  enum class State : std::uint8_t {
    kHeld,     ///< requested is what was asked
    kForeign,  ///< somebody else changed it: never written again under this lease
    kGone,     ///< the device cannot be read any more, or the lease has ended
  };
  std::string device;
  State state = State::kHeld;
  Watts asked{};
  std::optional<Watts> requested, enforced;
  std::string why;
};

/// Devices held at caps. Give-back is compare-and-restore: only where the requested value is still
/// what this lease asked for, and to the value found, not to the default. Thread-compatible.
class JOULERY_EXPORT CapLease {
 public:
  /// Gives back what release() did not.
  virtual ~CapLease() = default;
  /// The devices as they were found.
  virtual const std::vector<CapDevice>& found() const = 0;
  /// Asks for `cap` on one device and reads it back after 0.1 s (and again with check()).
  /// Errors: kUsage (outside the range, which is named), kDenied, kGone, kInvalid (not obeyed, or
  /// changed by somebody else: both values are named).
  virtual Result<void> set(const std::string& device, Watts cap) = 0;
  /// Locks the SM clock of a GPU to `most` at most, until release(), which unlocks it: no driver
  /// tells which lock it found. Errors: kUsage (outside the range, which is named), kUnavailable
  /// (it has no clock that can be locked), kDenied, kGone, kInvalid (changed by somebody else).
  virtual Result<void> lock_clock(const std::string& device, [[maybe_unused]] Hertz most) {
    return Error{ErrorCode::kUnavailable, device + ": its clock cannot be locked"};
  }
  /// set() of several devices with one wait for all of them. On an error those before it are set.
  virtual Result<void> set_all(const std::vector<CapWish>& caps) {
    for (const CapWish& wish : caps) {
      if (wish.clock)
        if (auto done = lock_clock(wish.device, *wish.clock); !done) return done;
      if (wish.cap)
        if (auto done = set(wish.device, *wish.cap); !done) return done;
    }
    return {};
  }
  /// Puts the found value back and unlocks the clock, the lease stays.
  virtual Result<void> set_found(const std::string& device) = 0;
  /// Compares what is requested now with what was asked, and a clock with its lock; call it about
  /// once a second. Where no guard can be had for a minute the devices are given back and kGone.
  virtual std::vector<CapWatch> check() = 0;
  /// Errors: the first device that could not be given back, and why. The others were.
  virtual Result<void> release() = 0;
};

/// What became of one lease of a holder that has ended.
struct GivenBack {
  std::string device;
  Watts found{}, asked{};
  std::optional<Watts> requested;  ///< when it was looked at
  bool restored = false;  ///< false: dropped (foreign value, reboot, driver reload) or it failed
  bool unlocked = false;  ///< its clock, which the lease had locked
  bool failed = false;    ///< neither restored nor dropped: the lease is still there
  std::string why;
};

struct CapOptions {
  GpuSelection gpus;
  std::string sysroot;  ///< not empty: no vendor library, no guard
  std::string lease_dir = "/run/joulery/leases";
  std::string
      guard;  ///< path of joulery-guard; empty: beside this program, or where it is installed
};

/// The devices of this machine whose power can be capped.
class JOULERY_EXPORT CapControl {
 public:
  virtual ~CapControl() = default;
  /// Reads every device now. Never fails as a whole: a device that cannot be read says so.
  virtual std::vector<CapDevice> list() = 0;
  /// Takes all of `devices`, or none. The record is on disk before the first write to a device,
  /// and a guard watches this process. `lifetime`: expires by itself after it.
  /// Errors: kDenied (no right: what is missing), kUnavailable (held by somebody, who is named;
  /// MIG, module scope, laptop), kUsage (no such device).
  virtual Result<std::unique_ptr<CapLease>> take(const std::vector<std::string>& devices,
                                                 std::optional<Seconds> lifetime) = 0;
  /// Gives back what dead holders and expired leases left behind. Called by whoever comes next.
  virtual std::vector<GivenBack> recover() = 0;
  /// Sets all of `caps`, or none, under a lease that a process of its own holds for `lifetime`.
  /// Errors: those of take() and of CapLease::set().
  virtual Result<void> set_detached(const std::vector<CapWish>& caps, Seconds lifetime) = 0;
  /// Ends the leases of set_detached() on `devices` (empty: on all) and waits until they have given
  /// back. Errors: kDenied; kTransient (their holder does not answer).
  virtual Result<std::vector<GivenBack>> end_detached(const std::vector<std::string>& devices) = 0;
};
/// Errors: kUsage (a GPU that does not exist).
JOULERY_EXPORT Result<std::unique_ptr<CapControl>> open_cap_control(const CapOptions& options);

/// Under sudo, pkexec and doas: from now on this process acts as its caller (effective user, group,
/// groups, HOME, USER), and a child that it starts is the caller's for good. Only the writes of a
/// lease are root's again, in the one thread that makes them. Elsewhere nothing happens. Call it
/// first, before other threads. Errors: kInvalid (who called is not clear: SUDO_UID without
/// SUDO_GID, malformed, several of them), kDenied.
JOULERY_EXPORT Result<void> act_as_caller();

/// The program joulery-guard: its whole work, given its words (docs/actuators.md). Returns its exit
/// status.
JOULERY_EXPORT int run_guard(const std::vector<std::string>& words);

}  // namespace joulery
