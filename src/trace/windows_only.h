// trace: the mark of counters that are made of a log's windows: between these nothing is known.
#pragma once

#include <algorithm>

#include "joulery/sample.h"

namespace joulery {

/// A flag of a Channel. Time that such a counter did not see is not filled from the time that it
/// did, so that the sum is that of the log's rows and no more; nor does it stand still there.
inline constexpr const char* kWindowsOnly = "windows-only";

inline bool tells_windows_only(const Channel& channel) {
  return std::find(channel.flags.begin(), channel.flags.end(), kWindowsOnly) != channel.flags.end();
}

}  // namespace joulery
