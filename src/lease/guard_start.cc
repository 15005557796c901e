// lease: starting joulery-guard, see guard_start.h.
#include "lease/guard_start.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>
#include <utility>

#include "base/text.h"
#include "hw/detached.h"
#include "hw/privilege.h"

namespace joulery {
namespace {

// Opening NVIDIA's library without persistence mode wakes the boards, which takes seconds on a node
// of eight; more than that is a driver that hangs. A choice. Who holds a lease starts a guard
// itself.
constexpr std::chrono::milliseconds kWatchPatience{20'000};
constexpr std::chrono::milliseconds kHoldPatience{60'000};

std::string own_directory() {
  std::array<char, PATH_MAX> link;
  const ssize_t n = ::readlink("/proc/self/exe", link.data(), link.size());
  const std::string path(link.data(), n > 0 ? static_cast<std::size_t>(n) : 0);
  return path.substr(0, path.rfind('/'));
}

std::string find_program(const std::string& given) {
  if (!given.empty()) return given;
  const std::string here = own_directory();
  const std::string beside = here + "/joulery-guard";
  return ::access(beside.c_str(), X_OK) == 0 ? beside : here + "/../libexec/joulery/joulery-guard";
}

// Nothing of the caller's environment may steer a process of root, except where the caller is root:
// then the guard must find the same library as its holder.
std::vector<std::string> guard_environment() {
  std::vector<std::string> environment{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"};
  if (::getauxval(AT_SECURE) != 0) return environment;
  for (const char* name : {"LD_LIBRARY_PATH", "JOULERY_STANDIN"})
    if (const char* const value = ::secure_getenv(name))
      environment.push_back(std::string(name) + "=" + value);
  return environment;
}

class RunningGuard final : public GuardHandle {
 public:
  explicit RunningGuard(const ProcessIdentity& process) : process_(process) {}
  bool is_alive() override { return joulery::is_alive(process_); }
  void dismiss() override {
    const RootScope root;
    if (auto sent = signal_process(process_, SIGTERM); !sent) return;  // it has ended already
  }

 private:
  ProcessIdentity process_;
};

// Once: afterwards the descriptor's number may be another file's. SIGPIPE is blocked in a guard
// that is ready.
Result<void> report(const std::string& line) {
  static bool reported = false;
  if (std::exchange(reported, true)) return {};
  auto done = write_all(kReportFd, line, "report");
  ::close(kReportFd);
  return done;
}

}  // namespace

std::string format_identity(const ProcessIdentity& process) {
  return fmt::format("{}:{}", process.pid, process.start);
}

std::optional<ProcessIdentity> parse_identity(std::string_view text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  const auto pid = parse_integer(text.substr(0, colon));
  const auto start = parse_integer(text.substr(std::min(colon + 1, text.size())));
  if (!pid || !start || *pid <= 0 || *pid > INT_MAX || *start < 0) return std::nullopt;
  return ProcessIdentity{static_cast<pid_t>(*pid), static_cast<std::uint64_t>(*start)};
}

Result<void> report_ready() {
  JOULERY_TRY(const ProcessIdentity own, own_identity());
  return report("ok " + format_identity(own) + "\n");
}

void report_failure(const Error& error) {
  std::string message = error.message.substr(0, 2000);  // a pipe takes 4096 bytes as one
  std::replace(message.begin(), message.end(), '\n', ' ');
  [[maybe_unused]] const auto best_effort =
      report(fmt::format("error {} {}\n", static_cast<int>(error.code), message));
}

Result<ProcessIdentity> parse_report(std::string_view line) {
  constexpr std::string_view kOk = "ok ";
  constexpr std::string_view kError = "error ";
  if (line.starts_with(kOk))
    if (const auto process = parse_identity(line.substr(kOk.size()))) return *process;
  if (!line.starts_with(kError))
    return Error{ErrorCode::kTransient, "joulery-guard: no report: " + std::string(line)};
  line.remove_prefix(kError.size());
  const std::size_t blank = std::min(line.find(' '), line.size());
  const auto code = parse_integer(line.substr(0, blank));
  const bool known = code && *code >= 0 && *code <= static_cast<int>(ErrorCode::kInternal);
  return Error{known ? static_cast<ErrorCode>(*code) : ErrorCode::kTransient,
               std::string(line.substr(std::min(blank + 1, line.size())))};
}

Result<ProcessIdentity> start_guard_program(const std::string& program,
                                            const std::vector<std::string>& words) {
  std::vector<std::string> command{find_program(program)};
  command.insert(command.end(), words.begin(), words.end());
  if (::access(command[0].c_str(), X_OK) != 0)
    return Error{ErrorCode::kUnavailable,
                 command[0] + ": not there, so that nobody would give the device back"};
  JOULERY_TRY(const FileDescriptor pipe, start_detached(command, guard_environment()));
  const bool holds = !words.empty() && words[0] == "hold";
  const auto line = read_report(pipe, holds ? kHoldPatience : kWatchPatience);
  if (!line) return Error{line.error().code, command[0] + ": " + line.error().message};
  return parse_report(*line);
}

Result<std::unique_ptr<GuardHandle>> start_lease_guard(const GuardSetting& setting,
                                                       std::uint64_t lease,
                                                       const ProcessIdentity& holder) {
  JOULERY_TRY(const ProcessIdentity guard,
              start_guard_program(setting.program, {"watch", "--dir", setting.directory, "--lease",
                                                    fmt::format("{:016x}", lease), "--holder",
                                                    format_identity(holder)}));
  return std::unique_ptr<GuardHandle>(std::make_unique<RunningGuard>(guard));
}

}  // namespace joulery
