// lease: taking devices: all of them, or none.
#pragma once

#include <chrono>

#include "lease/machine.h"

namespace joulery {

/// A choice, as of `cap set --for`; it keeps microseconds within 64 bits.
inline constexpr Seconds kLongestLease = std::chrono::days(30);

struct TakeRequest {
  std::vector<std::string> devices;
  std::optional<Seconds> lifetime;
  bool detached = false;
};
/// Writes the records of all devices, or of none, and starts the guard. `found`: as list() tells
/// them. Errors: those of CapControl::take().
Result<std::unique_ptr<CapLease>> take_devices(const std::shared_ptr<LeaseMachine>& machine,
                                               const TakeRequest& request,
                                               std::vector<CapDevice> found);

/// Who holds a device by its record.
CapHolder holder_of(const LeaseRecord& record, LeaseHost& host);
/// "held by joulery sweep (process 4711, user 1000) since 2026-..., for 12 min more".
std::string describe(const CapHolder& holder);

}  // namespace joulery
