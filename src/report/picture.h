// report: what all pictures share: the kind of file, and writing it.
#pragma once

#include <string>

#include "joulery/result.h"

namespace joulery {

/// What follows `set terminal` for the suffix of `path`. Errors: kUsage, naming those there are.
Result<std::string> terminal_of(const std::string& path);

/// No draft: `path` may be a pipe, and a caller who wants all or nothing names a draft.
Result<void> write_picture(const std::string& path, const std::string& picture);

}  // namespace joulery
