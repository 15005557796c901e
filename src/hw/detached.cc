// hw: a program of its own, see detached.h. After the fork only system calls: other threads may
// hold any lock.
#include "hw/detached.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "base/clock.h"
#include "hw/privilege.h"
#include "hw/process.h"

namespace joulery {
namespace {

void take_default_signals() {
  for (int number = 1; number <= SIGRTMAX; ++number) ::signal(number, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

void close_from(unsigned first) {
  if (::syscall(SYS_close_range, first, UINT_MAX, 0u) == 0) return;
  constexpr long kMost = 65536;  // before Linux 5.9 one by one; few processes may open more
  const long limit = std::min(::sysconf(_SC_OPEN_MAX), kMost);
  for (int fd = static_cast<int>(first); fd < limit; ++fd) ::close(fd);
}

// The report's descriptor first: it may be one of those that the streams are put on. `report` is
// where a failure can be told of, at each moment.
bool take_streams(int& report) {
  const int high = ::fcntl(report, F_DUPFD, kReportFd + 1);
  if (high < 0) return false;
  report = high;
  const int null = ::open("/dev/null", O_RDWR);
  if (null < 0) return false;
  for (int fd = 0; fd < kReportFd; ++fd)
    if (::dup2(null, fd) < 0) return false;
  if (::dup2(high, kReportFd) < 0) return false;
  report = kReportFd;
  close_from(static_cast<unsigned>(kReportFd) + 1);
  return true;
}

// strerrordesc_np looks up a constant: unlike strerror it may be called after a fork.
[[noreturn]] void fail(int report, const char* what) {
  const char* const why = ::strerrordesc_np(errno);
  const auto piece = [](const char* text) {
    return iovec{const_cast<char*>(text), std::strlen(text)};
  };
  static_assert(static_cast<int>(ErrorCode::kUnavailable) == 0);
  const iovec line[] = {piece("error 0 "), piece(what), piece(": "),
                        piece(why != nullptr ? why : "?"), piece("\n")};
  if (::writev(report, line, 5) < 0) ::_exit(126);
  ::_exit(126);
}

[[noreturn]] void become(char* const* command, char* const* environment, int report, bool as_root) {
  ::setsid();
  // Not the leader of its session: no terminal that it opens becomes its own. _Fork: what libraries
  // want to be called at a fork may wait for a lock of a thread that is not here.
  const pid_t pid = ::_Fork();
  if (pid < 0) fail(report, "cannot fork");
  if (pid > 0) ::_exit(0);
  take_default_signals();
  if (!take_streams(report)) fail(report, "its streams cannot be opened");
  if (::chdir("/") != 0) fail(report, "cannot go to /");
  ::umask(022);
  const Credentials root;
  if (as_root && !become_for_good(root)) fail(report, "cannot become root");
  ::execve(command[0], command, environment);
  fail(report, "cannot be executed");
}

}  // namespace

Result<FileDescriptor> start_detached(const std::vector<std::string>& command,
                                      const std::vector<std::string>& environment) {
  if (command.empty()) return Error{ErrorCode::kUsage, "no program to start"};
  std::vector<std::string> words = command;
  std::error_code error;
  words[0] = std::filesystem::absolute(command[0], error);  // it starts in another directory
  if (error) return Error{ErrorCode::kUnavailable, command[0] + ": " + error.message()};
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return errno_error(command[0], "start with a pipe", errno);
  FileDescriptor read_end(ends[0]);
  const FileDescriptor write_end(ends[1]);
  const std::vector<char*> argv = pointers_to(words);
  const std::vector<char*> envp = pointers_to(environment);
  const bool as_root = can_be_root();

  const pid_t pid = ::fork();
  if (pid == 0) become(argv.data(), envp.data(), write_end.get(), as_root);
  if (pid < 0)
    return Error{ErrorCode::kTransient, command[0] + ": cannot fork: " + std::strerror(errno)};
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
