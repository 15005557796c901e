// ledger: the directory of records: one file a run, named by its id.
#pragma once

#include <map>
#include <string>

#include "joulery/ledger.h"
#include "ledger/index.h"

namespace joulery {

/// HOME/runs/ID.jrun; its meter keeps the last seconds in HOME/runs/ID.jrun.tail until it ends.
std::string record_path(const std::string& home, const std::string& id);

/// The records of a home by id. Files with other names, links and folders are none of ours.
Result<std::map<std::string, FileStamp>> scan_records(const std::string& home);

/// Whether a meter wrote to the record a moment ago: it has a tail, and one of the two is not older
/// than a few periods of the run. `now` is the time of the files' server; a file of the future
/// counts as fresh.
bool is_live(const FileStamp& stamp, Seconds period, WallTime now);

/// Whether the record is so young that its meter may still be writing its first frame: not yet a
/// run, and no problem.
bool is_being_made(const FileStamp& stamp, WallTime now);

/// Reads a record: its job with what is known of the end, its place, its trace.
Result<StoredRun> load_run(const std::string& home, const std::string& id);

/// What a list shows of a record. Errors: those of load_run; where no account can be made, its
/// parts are missing.
Result<RunSummary> summarize(const std::string& home, const std::string& id, const FileStamp& stamp,
                             WallTime now);

}  // namespace joulery
