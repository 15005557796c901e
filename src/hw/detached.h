// hw: a program that outlives the one that starts it: a session of its own, no terminal, no
// streams.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/file.h"
#include "joulery/result.h"

namespace joulery {

inline constexpr int kReportFd = 3;  ///< what a detached program writes its report to

/// Starts `command` (its first word is a path) in a session of its own, as root where this process
/// can be root, in "/", with /dev/null as standard streams, with kReportFd and no other descriptor,
/// with default signals and `environment` alone. Its parent becomes init, so that nobody here has
/// to wait for it. Returns the end of a pipe that its kReportFd writes to; where it cannot be
/// started after all, what comes out is "error 0 WHY", the number being that of kUnavailable.
/// Errors: kUsage (no command), kUnavailable, kTransient.
Result<FileDescriptor> start_detached(const std::vector<std::string>& command,
                                      const std::vector<std::string>& environment);

/// What it reported, up to the end of the line, waiting at most `limit`. Errors: kTransient.
Result<std::string> read_report(const FileDescriptor& report, std::chrono::milliseconds limit);

}  // namespace joulery
