// ledger: index.sqlite, a cache of what the records say, so that `runs` need not read them all
// again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "joulery/ledger.h"

namespace joulery {

/// What tells that a record has changed since its row was made. Of an absent tail both numbers are
/// 0.
struct FileStamp {
  std::int64_t size = 0, mtime_ns = 0;
  std::int64_t tail_size = 0, tail_mtime_ns = 0;
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

struct IndexRow {
  FileStamp stamp;
  RunSummary run;
};

/// The rows that are sound. An absent, damaged or older index has none: it is only a cache, so
/// nothing is an error. Never locks: the file is read whole and looked at in memory.
std::vector<IndexRow> load_index(const std::string& path);
/// The same from the bytes of the file.
std::vector<IndexRow> read_index(std::string bytes);
/// Writes a new file beside `path` and renames it over it: readers see the old or the new one. Of
/// several writers the last one wins; what it lacks is added by the next list().
Result<void> save_index(const std::string& path, const std::vector<IndexRow>& rows);

}  // namespace joulery
