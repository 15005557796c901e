// ledger: the directory that all records of a user live in.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "joulery/ledger.h"
#include "joulery/result.h"

namespace joulery {

/// Creates `path` and what is missing above it, each 0700: commands and their arguments are nobody
/// else's business.
Result<void> make_private_directories(const std::string& path);

/// What time it is for the server of a home's files.
using FileClock = std::function<WallTime()>;
/// open_ledger() with another clock, for tests.
Result<std::unique_ptr<Ledger>> open_ledger_by(const std::string& home, FileClock file_clock);

}  // namespace joulery
