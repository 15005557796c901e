// policy: tables of caps that somebody else measured, as groups of rows of one job.
#pragma once

#include <string>
#include <vector>

#include "joulery/policy.h"

namespace joulery {

/// As load_cap_table(), of the bytes of a file. Memory grows with the number of groups alone, and
/// is bounded.
Result<std::vector<CapGroup>> read_cap_table(std::string bytes, const std::string& file,
                                             const std::vector<std::string>& by);

}  // namespace joulery
