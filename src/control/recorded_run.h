// control: one run of a sweep: the command measured and recorded, while the lease is watched.
#pragma once

#include <optional>
#include <string>

#include "joulery/control.h"

namespace joulery {

struct RecordedRun {
  std::string id;  ///< in the store
  Outcome outcome;
  bool lost_control = false;      ///< somebody else set a limit, or a device is gone
  std::optional<Error> unclosed;  ///< the record could not be closed
};
/// What it has to say of the run is in the record, as notes. Errors: those of a session and of the
/// store; the command could not be started, and then there is no record.
Result<RecordedRun> record_run(const SweepOptions& options, const SweepTools& tools,
                               CapLease& lease, Job job);

}  // namespace joulery
