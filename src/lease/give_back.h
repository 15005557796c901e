// lease: giving one device back as it was found: by its holder, by the guard, or by whoever comes
// next.
#pragma once

#include "actuator/power_cap.h"
#include "joulery/lease.h"
#include "lease/book.h"
#include "lease/host.h"

namespace joulery {

/// False where the holder has certainly ended. One in another container is alive: its number means
/// another process here, or none.
bool holder_lives(const LeaseRecord& record, LeaseHost& host);

/// Whether nobody holds the device any more: the holder has ended, the lease has expired, or the
/// machine was started anew.
bool is_over(const LeaseRecord& record, LeaseHost& host);

/// Compare and restore: where what is requested is still what the lease asked for, the value found
/// is asked for and the record erased. A clock that the lease has locked is unlocked first, unless
/// somebody else was seen to have changed the lock. Where it is somebody else's value, or limits
/// were lost with the machine's or the driver's life, the record is erased and nothing written. The
/// record stays only after a failure. `cap` is null where there is no such device. The caller has
/// the lock.
GivenBack give_back(const LeaseRecord& record, PowerCap* cap, LeaseBook& book, LeaseHost& host);

}  // namespace joulery
