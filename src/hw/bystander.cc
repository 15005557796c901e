// hw: a sleeping process in our group, see bystander.h.
#include "hw/bystander.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <climits>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace joulery {
namespace {

// How long an answer may take: a scheduler's time slice or two. A choice.
constexpr int kPatienceMs = 10;

std::string reason_of(int error) { return std::strerror(error); }

std::uint64_t pending_signals() {
  sigset_t pending;
  ::sigemptyset(&pending);
  ::sigpending(&pending);
  std::uint64_t mask = 0;
  for (int signal = 1; signal <= SIGRTMAX; ++signal)
    if (::sigismember(&pending, signal) == 1) mask |= std::uint64_t{1} << (signal - 1);
  return mask;
}

// In the child, where other threads of the parent may have held any lock: system calls only. Each
// byte that comes is a question, and the answer is the mask.
[[noreturn]] void stand_by(pid_t parent, int line) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(0);
  const auto number = static_cast<unsigned>(line);
  if (number > 0) ::syscall(SYS_close_range, 0u, number - 1, 0u);
  ::syscall(SYS_close_range, number + 1, UINT_MAX, 0u);
  for (;;) {
    char question;
    const ssize_t n = ::read(line, &question, 1);
    if (n == 0) ::_exit(0);
    const std::uint64_t mask = n == 1 ? pending_signals() : 0;
    if (n == 1 && ::write(line, &mask, sizeof mask) < 0) ::_exit(0);
  }
}

/// The mask that the kernel shows: no time slice of the bystander is needed for it.
std::optional<std::uint64_t> shown_by_proc(pid_t pid) {
  const auto status = load_file("/proc/" + std::to_string(pid) + "/status", 1 << 16);
  constexpr std::string_view kKey =
      "\nShdPnd:\t";  // pending for the whole process, proc(5): a mask in hexadecimal
  const std::size_t at = status ? status->find(kKey) : std::string::npos;
  if (at == std::string::npos) return std::nullopt;
  const char* const digits = status->data() + at + kKey.size();
  std::uint64_t mask = 0;
  std::from_chars(digits, status->data() + status->size(), mask, 16);
  return mask;
}

}  // namespace

Result<Bystander> Bystander::start() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return Error{ErrorCode::kTransient, "cannot make a pair of sockets: " + reason_of(errno)};
  FileDescriptor ours(ends[0]);
  const FileDescriptor its(ends[1]);
  const pid_t parent = ::getpid();
  sigset_t all;
  sigset_t old_mask;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &old_mask);  // from its first moment on
  const pid_t pid = ::fork();
  if (pid == 0) stand_by(parent, its.get());
  const int reason = errno;
  ::pthread_sigmask(SIG_SETMASK, &old_mask, nullptr);
  if (pid < 0) return Error{ErrorCode::kTransient, "cannot fork: " + reason_of(reason)};
  return Bystander(pid, std::move(ours));
}

Bystander::Bystander(Bystander&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)), line_(std::move(other.line_)) {}

Bystander& Bystander::operator=(Bystander&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(line_, other.line_);
  return *this;
}

Bystander::~Bystander() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

std::uint64_t Bystander::seen() const {
  const auto shown = shown_by_proc(pid_);
  return shown ? *shown : ask().value_or(0);
}

std::optional<std::uint64_t> Bystander::ask() const {
  std::uint64_t mask = 0;
  while (::recv(line_.get(), &mask, sizeof mask, MSG_DONTWAIT) > 0) {  // answers that came too late
  }
  pollfd line{line_.get(), POLLIN, 0};
  if (::send(line_.get(), "?", 1, MSG_DONTWAIT | MSG_NOSIGNAL) != 1) return std::nullopt;
  if (::poll(&line, 1, kPatienceMs) != 1) return std::nullopt;
  if (::recv(line_.get(), &mask, sizeof mask, MSG_DONTWAIT) != sizeof mask) return std::nullopt;
  return mask;
}

}  // namespace joulery
