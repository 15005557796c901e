// actuator: what can be set on a device: its power limit, read and written, and its highest clock.
// Who may write, and that it comes back, is lease's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "joulery/result.h"
#include "joulery/sample.h"
#include "joulery/units.h"

namespace joulery {

/// The limits of a device at one moment.
struct CapReading {
  std::optional<Watts> least, most;    ///< what can be asked for
  std::optional<Watts> default_limit;  ///< absent where the hardware tells none
  Watts requested{};                   ///< what software asked for last
  std::optional<Watts> enforced;       ///< the least of all limiters, out-of-band ones too
};

/// Why a device cannot be set, whoever asks.
struct CapRefusal {
  std::string why;  ///< empty: it can
  std::string advice;
};

struct CapInfo {
  std::string id;  ///< the component of the sensors: "gpu/GPU-1b2c/board", "cpu/0/package"
  ComponentKind kind = ComponentKind::kGpu;
  std::string model;
  CapRefusal refusal;
  std::vector<std::string> notes;
  std::string epoch;       ///< another one: the driver was loaded anew and has forgotten its limits
  bool simulated = false;  ///< of the stand-in: no machine has it
  bool chosen = true;      ///< of the selection of GPUs; others are there for leases left on them
};

/// The least distance of two limits that a reading tells apart for certain: drivers round what they
/// are asked for, RAPL to 1/8 W (Intel SDM vol. 3B, 15.10.1), NVML at the coarsest to whole watts
/// (a choice: none is documented).
inline constexpr Watts kCapStep{0.5};

/// What the SM clock of a GPU can be locked to.
struct ClockRange {
  Hertz least{}, most{};
};

/// An upper bound of a GPU's SM clock. NVIDIA tells nobody which lock is in force: one that was
/// there before cannot be known, and what comes back is "unlocked". Thread-compatible.
class ClockLock {
 public:
  virtual ~ClockLock() = default;
  /// Errors: as of PowerCap::read().
  virtual Result<ClockRange> range() = 0;
  /// The SM clock at this moment.
  virtual Result<Hertz> now() = 0;
  /// From the least clock to `most`. Only under a lease. Errors: as of PowerCap::write().
  virtual Result<void> lock(Hertz most) = 0;
  virtual Result<void> unlock() = 0;
};

/// One device. Thread-compatible. A call takes from microseconds to 20 ms.
class PowerCap {
 public:
  virtual ~PowerCap() = default;
  virtual const CapInfo& info() const = 0;
  /// Errors: kUnavailable (it has no limit), kGone, kDenied, kTransient.
  virtual Result<CapReading> read() = 0;
  /// Asks for a limit. Only under a lease. Errors: kInvalid (the range), kDenied, kGone,
  /// kUnavailable.
  virtual Result<void> write(Watts limit) = 0;
  /// Null where the device has no clock that could be locked.
  virtual ClockLock* clocks() { return nullptr; }
};

}  // namespace joulery
