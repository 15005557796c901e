// job: the words that users give to runs, phases and tags: what may stand in a ledger, a terminal
// and a log.
#pragma once

#include <string>
#include <string_view>

#include "joulery/job.h"

namespace joulery {

inline constexpr std::size_t kMaxNameBytes =
    256;  // NAME_MAX is 255: long enough for any file that a name stems from

/// A name is 1 to 256 bytes of UTF-8 without control characters. `what` opens the error: "--name",
/// "mark NAME". Errors: kUsage.
Result<void> check_name(std::string_view name, std::string_view what);

}  // namespace joulery
