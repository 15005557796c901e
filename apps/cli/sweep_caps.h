// joulery: the caps of --sweep, for the commands that choose among them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "args.h"
#include "joulery/policy.h"

namespace joulery::cli {

/// The caps of one job, the baseline first; its notes begin with the file. `what` ("a plan") takes
/// one. Errors: as load_cap_table(), kUsage for several jobs, kInvalid where no cap is left to
/// choose.
Result<CapGroup> sweep_caps_of(const Args& args, std::string_view what);

}  // namespace joulery::cli
