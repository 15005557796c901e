// joulery: caps and devices as a user types them, for the commands that cap.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "args.h"
#include "joulery/control.h"
#include "joulery/lease.h"

namespace joulery::cli {

/// Of --sysroot, and of the directory of leases that JOULERY_LEASE_DIR names (for tests).
CapOptions cap_options_of(const Args& args);

/// What `cap set` is asked for: a power, a clock, or both.
struct WantedSetting {
  std::optional<WantedCap> power;
  std::optional<Hertz> clock;
};
/// "150W", "60%" of a default limit, "1200MHz", "150W,1200MHz". Errors: kUsage.
Result<WantedSetting> parse_setting(const std::string& text, const std::string& flag);

/// Gives back what dead holders left behind, where this process is root and there is such a record:
/// else it costs the listing of a directory. What became of it is a warning.
void recover_leases(const Args& args);

/// The devices that words like "0", "GPU-1b2c", "gpu/GPU-1b2c.../board" and "cpu/0/package" name,
/// in that order; without words: all GPUs. Errors: kUsage, with what there is.
Result<std::vector<CapDevice>> find_cap_devices(const std::vector<CapDevice>& devices,
                                                const std::vector<std::string>& words,
                                                const std::string& flag);

}  // namespace joulery::cli
