// hw: a program of its own, see detached.h. After the fork only system calls: other threads may
// hold any lock.
#include "hw/detached.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstring>

#include "base/clock.h"
#include "hw/privilege.h"

namespace joulery {
namespace {

std::vector<char*> pointers_to(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

void take_default_signals() {
  for (int number = 1; number <= SIGRTMAX; ++number) ::signal(number, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

// The report's descriptor first: it may be one of those that the streams are put on.
void take_streams(int report) {
  const int high = ::fcntl(report, F_DUPFD, kReportFd + 1);
  const int null = ::open("/dev/null", O_RDWR);
  for (int fd = 0; fd < kReportFd; ++fd) ::dup2(null, fd);
  ::dup2(high, kReportFd);
  ::syscall(SYS_close_range, static_cast<unsigned>(kReportFd) + 1, UINT_MAX, 0u);
}

[[noreturn]] void become(char* const* command, char* const* environment, int report, bool as_root) {
  ::setsid();
  // Not the leader of its session: no terminal that it opens becomes its own.
  if (::fork() != 0) ::_exit(0);
  take_default_signals();
  take_streams(report);
  if (::chdir("/") != 0) ::_exit(1);
  ::umask(022);
  const Credentials root;
  if (as_root && !become_for_good(root)) ::_exit(1);
  ::execve(command[0], command, environment);
  static constexpr char kFailed[] = "error 0 cannot be executed\n";
  if (::write(kReportFd, kFailed, sizeof kFailed - 1) < 0) ::_exit(126);
  ::_exit(126);
}

}  // namespace

Result<FileDescriptor> start_detached(const std::vector<std::string>& command,
                                      const std::vector<std::string>& environment) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return errno_error("pipe", "open", errno);
  FileDescriptor read_end(ends[0]);
  const FileDescriptor write_end(ends[1]);
  const std::vector<char*> argv = pointers_to(command);
  const std::vector<char*> envp = pointers_to(environment);
  const bool as_root = can_be_root();

  const pid_t pid = ::fork();
  if (pid == 0) become(argv.data(), envp.data(), write_end.get(), as_root);
  if (pid < 0)
    return Error{ErrorCode::kTransient, "cannot fork: " + std::string(std::strerror(errno))};
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return read_end;
}

Result<std::string> read_report(const FileDescriptor& report, std::chrono::milliseconds limit) {
  std::string text;
  const Instant end = monotonic_now() + limit;
  while (text.find('\n') == std::string::npos) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - monotonic_now());
    pollfd source{report.get(), POLLIN, 0};
    const int ready = ::poll(&source, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return Error{ErrorCode::kTransient, "no answer in time"};
    std::array<char, 4096> piece;
    const ssize_t n = ::read(report.get(), piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return Error{ErrorCode::kTransient, "ended without an answer"};
    text.append(piece.data(), static_cast<std::size_t>(n));
  }
  return text.substr(0, text.find('\n'));
}

}  // namespace joulery
