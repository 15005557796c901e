// report: the kinds of pictures that gnuplot draws for us, and the file that one becomes.
#pragma once

#include <string>

#include "joulery/result.h"

namespace joulery {

/// The "set terminal" words for the suffix of `path`. Errors: kUsage, naming the suffixes.
Result<std::string> gnuplot_terminal(const std::string& path);

/// Writes over what is there: `path` may be a pipe, and a caller who wants all or nothing names a
/// draft.
Result<void> write_picture(const std::string& path, const std::string& picture);

}  // namespace joulery
