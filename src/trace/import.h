// trace: what a reader of another tool's log is given and gives back, and the list of readers.
#pragma once

#include <array>
#include <istream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "joulery/trace.h"
#include "trace/import_build.h"
#include "trace/import_text.h"

namespace joulery {

/// Devices of logs that do not say whose rows they hold, counted over all files.
class UnnamedDevices {
 public:
  /// The number of the first of `count` devices of a file that covers [first, last]: a log that
  /// goes on where another one ends is of the same devices, one that overlaps it is of others.
  int first_of(Instant first, Instant last, int count);

 private:
  std::vector<std::pair<Instant, Instant>> windows_;
  int devices_ = 0;
};

/// All that the readers of one import share.
struct ImportContext {
  const ImportOptions& options;
  Repairs repairs;
  std::size_t most_readings = kMostReadings;
  TraceBuilder trace{repairs, most_readings};
  UnnamedDevices unnamed{};
  WallTime laid_end{};  ///< where rows without stamps go on: they are laid end to end from 1970
  std::vector<Event>
      events{};  ///< their Instants hold wall time (UTC) until the import is finished
};

/// One format: how it is recognised, and how a file of it is read.
struct ImportFormat {
  const char* name;
  const char* about;
  /// Looks at the first 64 KiB.
  bool (*claims)(std::string_view head);
  /// Appends one file. Errors: kInvalid, naming file, line and column.
  Result<void> (*read)(LogLines& lines, ImportContext& context);
};

bool claims_nvidia_smi(std::string_view head);
Result<void> read_nvidia_smi(LogLines& lines, ImportContext& context);
bool claims_ptdaemon(std::string_view head);
Result<void> read_ptdaemon(LogLines& lines, ImportContext& context);
bool claims_codecarbon(std::string_view head);
Result<void> read_codecarbon(LogLines& lines, ImportContext& context);
bool claims_zeus(std::string_view head);
Result<void> read_zeus(LogLines& lines, ImportContext& context);
bool claims_dcgm(std::string_view head);
Result<void> read_dcgm(LogLines& lines, ImportContext& context);
bool claims_joulery_csv(std::string_view head);
Result<void> read_joulery_csv(LogLines& lines, ImportContext& context);
bool claims_plain_csv(std::string_view head);
Result<void> read_plain_csv(LogLines& lines, ImportContext& context);

/// A log that is open: the seam for tests and for the fuzzer.
struct LogSource {
  std::string name;
  std::unique_ptr<std::istream> in;
};
Result<Imported> import_sources(std::vector<LogSource> sources, const ImportOptions& options,
                                std::size_t most_readings = kMostReadings);

}  // namespace joulery
