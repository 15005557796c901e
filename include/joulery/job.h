// job: what is measured: its identity, its phases, where it came from. Values only; no machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "joulery/export.h"
#include "joulery/result.h"
#include "joulery/units.h"

namespace joulery {

/// A process that outlived the job's own command.
struct Survivor {
  std::int64_t pid = 0;
  std::string name;
};

/// CPU time over the job's window, so that the energy of a shared machine can be shared by use.
struct CpuUse {
  Seconds job{0};   ///< user + system time of the command and its waited-for descendants
  Seconds busy{0};  ///< busy time of all the machine's CPUs over the same window
};

struct Job {
  std::string
      id;  ///< sortable and unique: UTC stamp + random letters, e.g. "20261125T153412-k3x9qa"
  std::string name;
  std::string project;
  std::vector<std::pair<std::string, std::string>>
      tags;  ///< --tag k=v, in the order given, keys unique
  std::vector<std::string> command;
  std::string host;
  std::string user;
  std::string origin = "run";  ///< "run", or "import:<format>" with the file's name in `command`
  std::string version;         ///< of Joulery, that wrote it
  // What is known only at the end:
  std::optional<int>
      exit_status;  ///< of the command; empty while running, after a kill of the meter, in imports
  std::optional<int> signal;  ///< that ended the command
  std::optional<CpuUse> cpu_use;
  std::vector<Survivor> survivors;
};

/// The name of a run or project: 1 to 256 bytes of UTF-8 without control characters, and not
/// "last", which commands take for the newest run. `flag` opens the error. Errors: kUsage.
JOULERY_EXPORT Result<void> check_run_name(std::string_view name, std::string_view flag);
/// "k=v" of --tag; the key is not empty, the value may be. Errors: kUsage.
JOULERY_EXPORT Result<std::pair<std::string, std::string>> parse_tag(std::string_view text);

}  // namespace joulery
