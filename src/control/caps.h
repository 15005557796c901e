// control: the caps that were typed, as limits for the devices at hand.
#pragma once

#include <string>
#include <vector>

#include "joulery/control.h"

namespace joulery {

struct CapPlan {
  std::vector<SweepLevel> levels;  ///< by rising cap, without the limit that was found
  std::vector<Watts> found;        ///< of each device: in force before the sweep
  std::vector<std::string> notes;  ///< what was typed twice, or is the limit found
};

Watts mean(const std::vector<Watts>& values);

/// The limit in force: the least of what software asked for and what anybody else enforces.
/// Errors: kUnavailable, where neither can be read.
Result<Watts> limit_in_force(const CapDevice& device);

/// Errors: kUsage (no cap is left; one is outside the range of a device, which is named; a
/// percentage of a default that is not known).
Result<CapPlan> plan_caps(const std::vector<WantedCap>& wanted,
                          const std::vector<CapDevice>& devices);

/// Those named, or all GPUs, or where there are none all CPU packages. Errors: kUsage (no such
/// device), kDenied and kUnavailable (it cannot be capped: why, and what to do).
Result<std::vector<CapDevice>> choose_devices(const std::vector<CapDevice>& all,
                                              const std::vector<std::string>& named);

}  // namespace joulery
