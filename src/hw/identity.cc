// hw: processes by number and start, see identity.h.
#include "hw/identity.h"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "base/text.h"

namespace joulery {
namespace {

constexpr std::uint64_t kMostStat = 4096;  // a stat line is some 300 bytes

Error gone(pid_t pid) {
  return {ErrorCode::kGone, "process " + std::to_string(pid) + " has ended"};
}

FileDescriptor open_pidfd(pid_t pid) {
  return FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0u)));
}

/// Asked of the kernel: that /proc does not show a process is no proof of its end. With hidepid
/// (proc(5)) it hides those of others, and in a chroot there may be none.
bool has_ended(pid_t pid) {
  if (pid <= 0) return true;
  const FileDescriptor fd = open_pidfd(pid);
  if (!fd) return ::kill(pid, 0) != 0 && errno == ESRCH;
  pollfd end{fd.get(), POLLIN, 0};  // readable for a zombie, too
  return ::poll(&end, 1, 0) == 1;
}

Result<ProcessStat> read_stat(pid_t pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/stat";
  auto text = load_file(path, kMostStat);
  if (text) return parse_process_stat(*text);
  return has_ended(pid) ? gone(pid) : text.error();
}

}  // namespace

Result<ProcessStat> parse_process_stat(std::string_view stat) {
  // proc(5): the second field is the name in brackets, which may hold brackets and blanks itself;
  // the state is the third, the start the 22nd.
  constexpr std::size_t kStart = 22 - 3;
  const std::size_t end_of_name = stat.rfind(") ");
  if (end_of_name != std::string_view::npos) {
    const auto fields = split(trim(stat.substr(end_of_name + 2)), ' ');
    if (fields.size() > kStart && fields[0].size() == 1)
      if (const auto start = parse_integer(fields[kStart]); start && *start >= 0)
        return ProcessStat{fields[0][0], static_cast<std::uint64_t>(*start)};
  }
  return Error{ErrorCode::kInvalid,
               "/proc/PID/stat: no state and start in '" + std::string(stat.substr(0, 80)) + "'"};
}

Result<ProcessIdentity> identify_process(pid_t pid) {
  JOULERY_TRY(const ProcessStat stat, read_stat(pid));
  return ProcessIdentity{pid, stat.start};
}

Result<ProcessIdentity> own_identity() { return identify_process(::getpid()); }

bool is_alive(const ProcessIdentity& process) {
  const auto stat = read_stat(process.pid);
  if (!stat) return !has_ended(process.pid);
  return stat->start == process.start && stat->state != 'Z' && stat->state != 'X';
}

Result<FileDescriptor> watch_process(const ProcessIdentity& process) {
  FileDescriptor fd = open_pidfd(process.pid);
  const int reason = errno;
  if (!fd && reason == ESRCH) return gone(process.pid);
  if (!fd)
    return Error{ErrorCode::kUnavailable, "process " + std::to_string(process.pid) +
                                              ": pidfd_open: " + std::strerror(reason)};
  // Asked after the descriptor was opened: whoever has the number now is the one that it watches.
  if (!is_alive(process)) return gone(process.pid);
  return fd;
}

Result<void> signal_process(const ProcessIdentity& process, int signal) {
  JOULERY_TRY(const FileDescriptor fd, watch_process(process));
  if (::syscall(SYS_pidfd_send_signal, fd.get(), signal, nullptr, 0u) == 0) return {};
  const int reason = errno;
  if (reason == ESRCH) return gone(process.pid);
  return Error{
      reason == EPERM ? ErrorCode::kDenied : ErrorCode::kTransient,
      "process " + std::to_string(process.pid) + ": cannot be signalled: " + std::strerror(reason)};
}

}  // namespace joulery
