// ledger: files beside the index that live for a moment: the next index, and a file whose time
// tells the clock of whatever serves the directory.
#pragma once

#include <string>

#include "base/file.h"
#include "joulery/result.h"
#include "joulery/units.h"

namespace joulery {

struct Draft {
  std::string path;
  FileDescriptor file;
};
/// A new file PATH.new-XXXXXX, 0600: a name of its own for each writer, since processes of several
/// nodes may have one number.
Result<Draft> make_draft(const std::string& path);

/// Removes the drafts of PATH that this user's killed processes left: those an hour older than
/// `fresh`, a draft made just now. The times are of one server, so no clock is compared with
/// another.
void remove_stale_drafts(const std::string& path, const FileDescriptor& fresh);

/// The time of the file server, by which those of its files are to be judged: over NFS it may
/// differ from ours by minutes. A draft of PATH is made and removed for it; where none can be made,
/// our own time.
WallTime file_time(const std::string& path);

}  // namespace joulery
