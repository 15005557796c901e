// joulery: moments and lengths of time that users write in flags.
#pragma once

#include "args.h"
#include "joulery/result.h"
#include "joulery/series.h"
#include "joulery/units.h"

namespace joulery::cli {

/// "2026-11-26", "2026-11-26T08:00" or all of RFC 3339; without a zone behind it, it is the clock
/// of `zone`. Errors: kUsage, naming the flag.
Result<WallTime> time_flag(const Args& args, const char* flag, const TimeZone& zone);

/// "90m"; 0 where the flag was not given. Errors: kUsage, naming the flag.
Result<Seconds> duration_flag(const Args& args, const char* flag);

}  // namespace joulery::cli
