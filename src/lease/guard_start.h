// lease: starting joulery-guard, and what is said to it and by it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lease/host.h"

namespace joulery {

/// `ready`: waits until it is. Errors: kUnavailable (no such program), kTransient (it does not
/// answer), or its own.
Result<std::unique_ptr<GuardHandle>> start_lease_guard(const GuardSetting& setting,
                                                       std::uint64_t lease,
                                                       const ProcessIdentity& holder, bool ready);

/// Starts joulery-guard with `words` and waits for its report. Errors: as above.
Result<ProcessIdentity> start_guard_program(const std::string& program,
                                            const std::vector<std::string>& words);

/// `paths`, as of LD_LIBRARY_PATH, for a process that is in another directory.
std::string absolute_paths(std::string_view paths);

/// "PID:START", as the guard is given and gives back processes.
std::string format_identity(const ProcessIdentity& process);
std::optional<ProcessIdentity> parse_identity(std::string_view text);

/// The guard's side: one line, "ok PID:START" or "error CODE message". Errors: nobody listens any
/// more.
Result<void> report_ready();
void report_failure(const Error& error);
Result<ProcessIdentity> parse_report(std::string_view line);

}  // namespace joulery
