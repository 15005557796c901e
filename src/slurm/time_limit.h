// slurm: Slurm's own way to write a time limit.
#pragma once

#include <optional>
#include <string_view>

#include "joulery/result.h"
#include "joulery/units.h"

namespace joulery {

/// "minutes", "minutes:seconds", "hours:minutes:seconds", "days-hours[:minutes[:seconds]]", rounded
/// up to whole minutes, as Slurm does. Empty for 0, "UNLIMITED" and "INFINITE". Errors: kUsage,
/// which `from` opens.
Result<std::optional<Seconds>> parse_time_limit(std::string_view text, std::string_view from);

}  // namespace joulery
