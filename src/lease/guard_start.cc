// lease: starting joulery-guard, see guard_start.h.
#include "lease/guard_start.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/clock.h"
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
  if (const char* const paths = ::secure_getenv("LD_LIBRARY_PATH"))
    environment.push_back("LD_LIBRARY_PATH=" + absolute_paths(paths));
  if (const char* const standin = ::secure_getenv("JOULERY_STANDIN"))
    environment.push_back(std::string("JOULERY_STANDIN=") + standin);
  return environment;
}

Result<FileDescriptor> start_program(const std::string& program,
                                     const std::vector<std::string>& words) {
  std::vector<std::string> command{find_program(program)};
  command.insert(command.end(), words.begin(), words.end());
  if (::access(command[0].c_str(), X_OK) != 0)
    return Error{ErrorCode::kUnavailable,
                 command[0] + ": not there, so that nobody would give the device back"};
  return start_detached(command, guard_environment());
}

Result<ProcessIdentity> wait_for_report(const FileDescriptor& pipe, std::chrono::milliseconds limit,
                                        const std::string& program) {
  const auto line = read_report(pipe, limit);
  if (!line) return Error{line.error().code, find_program(program) + ": " + line.error().message};
  return parse_report(*line);
}

/// One that is ready, or will tell through a pipe that it is.
class RunningGuard final : public GuardHandle {
 public:
  RunningGuard(FileDescriptor pipe, std::string program)
      : pipe_(std::move(pipe)), program_(std::move(program)) {}

  Result<void> wait(std::chrono::milliseconds limit) {
    auto process = wait_for_report(pipe_, limit, program_);
    pipe_.reset();
    if (!process) return process.error();
    process_ = *process;
    return {};
  }
  State state() override {
    pollfd source{pipe_.get(), POLLIN, 0};
    if (pipe_ && ::poll(&source, 1, 0) <= 0) return State::kStarting;
    if (pipe_)
      if (const auto done = wait(std::chrono::milliseconds(0)); !done) why_ = done.error().message;
    const RootScope root;  // who sees all processes, whatever /proc hides from the caller
    return process_ && joulery::is_alive(*process_) ? State::kReady : State::kEnded;
  }
  std::string why() override {
    const bool late = pipe_ && monotonic_now() - since_ > kWatchPatience;
    return late ? "it does not find or cannot read the devices yet" : why_;
  }
  void dismiss() override {
    pipe_.reset();  // one that starts notices that nobody listens, and that there is no lease
    if (!process_) return;
    const RootScope root;
    if (auto sent = signal_process(*process_, SIGTERM); !sent) return;  // it has ended already
  }

 private:
  FileDescriptor pipe_;
  std::string program_, why_;
  Instant since_ = monotonic_now();
  std::optional<ProcessIdentity> process_;
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

std::string absolute_paths(std::string_view paths) {
  std::string all;
  for (const std::string_view path : split(paths, ':')) {
    std::error_code unknown;  // then it is left as it is, and the guard says what it does not find
    const auto absolute = std::filesystem::absolute(path.empty() ? "." : path, unknown);
    all += (all.empty() ? "" : ":") + (unknown ? std::string(path) : absolute.string());
  }
  return all;
}

Result<ProcessIdentity> start_guard_program(const std::string& program,
                                            const std::vector<std::string>& words) {
  JOULERY_TRY(const FileDescriptor pipe, start_program(program, words));
  return wait_for_report(pipe, kHoldPatience, program);
}

Result<std::unique_ptr<GuardHandle>> start_lease_guard(const GuardSetting& setting,
                                                       std::uint64_t lease,
                                                       const ProcessIdentity& holder, bool ready) {
  std::vector<std::string> words{"watch",
                                 "--dir",
                                 setting.directory,
                                 "--lease",
                                 fmt::format("{:016x}", lease),
                                 "--holder",
                                 format_identity(holder)};
  if (!ready) words.insert(words.end(), {"--patient", "1"});
  JOULERY_TRY(FileDescriptor pipe, start_program(setting.program, words));
  auto guard = std::make_unique<RunningGuard>(std::move(pipe), setting.program);
  if (ready) JOULERY_CHECK(guard->wait(kWatchPatience));
  return std::unique_ptr<GuardHandle>(std::move(guard));
}

}  // namespace joulery
