// ledger: run records in one directory, and a SQLite index over them that can always be rebuilt.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "joulery/account.h"
#include "joulery/export.h"
#include "joulery/job.h"
#include "joulery/site.h"
#include "joulery/trace.h"

namespace joulery {

/// A line of `joulery runs`.
struct RunSummary {
  std::string id, name, project, command, host, origin;
  WallTime begin;
  bool complete = true;  ///< false: no closing frame; its meter was killed, or it is running
  bool running = false;  ///< its meter wrote to it a moment ago
  std::optional<int> exit_status, signal;
  Estimate<Seconds> duration;
  Estimate<Joules> it_energy;
  Estimate<GramsCo2> carbon;
  std::vector<std::string> excludes;
  std::vector<std::pair<std::string, std::string>> tags;
};

struct StoredRun {
  Job job;
  Place place;
  std::unique_ptr<Trace> trace;
};

/// An open record of a run in progress.
class JOULERY_EXPORT OpenRun {
 public:
  virtual ~OpenRun() = default;
  virtual const std::string& id() const = 0;
  virtual SampleSink& sink() = 0;
  /// Closes the record with what is known at the end: exit status, CPU use, survivors in `job`.
  virtual Result<void> close(const TraceInfo& end, const Job& job) = 0;
};

/// Safe for many processes at once, also on NFS: records are written by their run alone, and the
/// index is replaced whole by rename, never locked.
class JOULERY_EXPORT Ledger {
 public:
  virtual ~Ledger() = default;

  /// Fills in job.id where it is empty. Errors: kDenied, kUnavailable (full disk), naming the
  /// directory.
  virtual Result<std::unique_ptr<OpenRun>> begin_run(const Job& job, const Place& place,
                                                     std::span<const Channel> channels,
                                                     const TraceInfo& start) = 0;
  /// Stores a finished trace as a record (imports). Returns its id.
  virtual Result<std::string> store(const Job& job, const Place& place, const Trace& trace) = 0;

  /// Newest first. `project` empty: all. Records that cannot be read at all are listed in
  /// `problems`.
  struct Listing {
    std::vector<RunSummary> runs;
    std::vector<std::string> problems;
  };
  virtual Result<Listing> list(const std::string& project) = 0;

  /// RUN: an id, a unique prefix of one, a name (the newest of that name), or "last".
  /// Errors: kInvalid: no such run, or a prefix of several, which are named.
  virtual Result<std::string> find(const std::string& run) = 0;
  virtual Result<StoredRun> load(const std::string& run) = 0;
  virtual Result<void> remove(const std::string& run) = 0;
};
/// Creates `home` (0700) and its folders where absent.
JOULERY_EXPORT Result<std::unique_ptr<Ledger>> open_ledger(const std::string& home);
/// $JOULERY_HOME, else $XDG_DATA_HOME/joulery, else ~/.local/share/joulery. The variables are
/// ignored in a process with privileges that its caller lacks.
JOULERY_EXPORT Result<std::string> default_home();

}  // namespace joulery
