// lease: the lock of a held device's clock. It can be set and ended and not be read, so that its
// record says "may be in force" from before the first write on, and giving back is to unlock.
#pragma once

#include <optional>

#include "actuator/power_cap.h"
#include "lease/book.h"

namespace joulery {

/// Locks the clock of `cap`, whose record is on disk first. The caller has the device's lock.
/// Errors: kUsage (the range), kUnavailable, kInvalid (somebody else has changed it), those of
/// ClockLock and of LeaseBook::store().
Result<void> lock_clock(LeaseRecord& record, PowerCap& cap, LeaseBook& book, Hertz most);
/// Ends it, where there is one. Errors: as above.
Result<void> unlock_clock(LeaseRecord& record, PowerCap& cap, LeaseBook& book);

Error foreign_clock(const LeaseRecord& record);

/// Tells from what the clock is whether a lock is still in force: above it for a second it is not.
/// Another lock below it looks like a board at its power limit, and is not seen.
class ClockWatch {
 public:
  /// The clock, where it has certainly left its lock. `now_us`: CLOCK_BOOTTIME.
  std::optional<Hertz> look(const LeaseRecord& record, PowerCap& cap, std::int64_t now_us);

 private:
  std::optional<std::int64_t> above_since_us_;
};

}  // namespace joulery
