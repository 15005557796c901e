// joulery: files that a user names: written whole or not at all, and refused before the work where
// they cannot be.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include "joulery/result.h"

namespace joulery::cli {

/// Whether write_output() could write there now. `flag` opens the error. Leaves nothing behind.
Result<void> check_output(const std::string& path, const std::string& flag);
/// The same for a writer that must go back in its file: a pipe or a device is refused (kUsage).
Result<void> check_plain_output(const std::string& path, const std::string& flag);

/// Calls `write` with a draft beside the file, then renames it over the file; after an error there
/// is no draft, and the file is as it was. A link stays, and so does the mode of what is replaced.
/// What cannot be replaced is written directly: a pipe, a device, a file in a directory where this
/// user may make none. Errors name `path`, not the draft.
Result<void> write_output(const std::string& path,
                          const std::function<Result<void>(std::ostream&)>& write);
/// The same for a library that wants a file's name; the draft ends in the suffix of `path`.
Result<void> write_output_file(const std::string& path,
                               const std::function<Result<void>(const std::string&)>& write);

}  // namespace joulery::cli
