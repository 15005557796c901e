// hw: a sleeping process in our group, see bystander.h.
#include "hw/bystander.h"

#include <signal.h>
#include <sys/prctl.h>
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

#include "base/file.h"

namespace joulery {
namespace {

// In the child, where other threads of the parent may have held any lock: system calls only.
[[noreturn]] void stand_by(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(0);
  ::syscall(SYS_close_range, 0u, UINT_MAX, 0u);
  for (;;) ::pause();
}

}  // namespace

Result<Bystander> Bystander::start() {
  const pid_t parent = ::getpid();
  sigset_t all;
  sigset_t old_mask;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &old_mask);  // from its first moment on
  const pid_t pid = ::fork();
  if (pid == 0) stand_by(parent);
  const int reason = errno;
  ::pthread_sigmask(SIG_SETMASK, &old_mask, nullptr);
  if (pid < 0)
    return Error{ErrorCode::kTransient, "cannot fork: " + std::string(std::strerror(reason))};
  return Bystander(pid);
}

Bystander::Bystander(Bystander&& other) noexcept : pid_(std::exchange(other.pid_, 0)) {}

Bystander& Bystander::operator=(Bystander&& other) noexcept {
  std::swap(pid_, other.pid_);
  return *this;
}

Bystander::~Bystander() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

std::uint64_t Bystander::seen() const {
  const auto status = load_file("/proc/" + std::to_string(pid_) + "/status", 1 << 16);
  if (!status) return 0;
  constexpr std::string_view kKey =
      "\nShdPnd:\t";  // pending for the whole process, proc(5): a mask in hexadecimal
  const std::size_t at = status->find(kKey);
  if (at == std::string::npos) return 0;
  const char* const digits = status->data() + at + kKey.size();
  std::uint64_t mask = 0;
  std::from_chars(digits, status->data() + status->size(), mask, 16);
  return mask;
}

}  // namespace joulery
