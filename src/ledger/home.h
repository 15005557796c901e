// ledger: the directory that all records of a user live in.
#pragma once

#include <string>

#include "joulery/result.h"

namespace joulery {

/// Creates `path` and what is missing above it, each 0700: commands and their arguments are nobody
/// else's business.
Result<void> make_private_directories(const std::string& path);

}  // namespace joulery
