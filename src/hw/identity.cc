// hw: processes by number and start, see identity.h.
#include "hw/identity.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "base/text.h"

namespace joulery {
namespace {

constexpr std::uint64_t kMostStat = 4096;  // a stat line is some 300 bytes

Result<ProcessStat> read_stat(pid_t pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/stat";
  auto text = load_file(path, kMostStat);
  if (text) return parse_process_stat(*text);
  if (text.error().code == ErrorCode::kUnavailable)
    return Error{ErrorCode::kGone, "process " + std::to_string(pid) + " has ended"};
  return text.error();
}

Error gone(const ProcessIdentity& process) {
  return {ErrorCode::kGone, "process " + std::to_string(process.pid) + " has ended"};
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

ProcessIdentity own_identity() {
  const auto own = identify_process(::getpid());
  return own ? *own : ProcessIdentity{::getpid(), 0};
}

bool is_alive(const ProcessIdentity& process) {
  const auto stat = read_stat(process.pid);
  // Where /proc is mounted with hidepid, others' processes are hidden and live all the same.
  if (!stat)
    return stat.error().code != ErrorCode::kGone || ::kill(process.pid, 0) == 0 || errno == EPERM;
  return stat->start == process.start && stat->state != 'Z' && stat->state != 'X';
}

Result<FileDescriptor> watch_process(const ProcessIdentity& process) {
  FileDescriptor fd(static_cast<int>(::syscall(SYS_pidfd_open, process.pid, 0u)));
  const int reason = errno;
  if (!fd && reason == ESRCH) return gone(process);
  if (!fd) return Error{ErrorCode::kUnavailable, "pidfd_open: error " + std::to_string(reason)};
  // Asked after the descriptor was opened: whoever has the number now is the one that it watches.
  if (!is_alive(process)) return gone(process);
  return fd;
}

Result<void> signal_process(const ProcessIdentity& process, int signal) {
  JOULERY_TRY(const FileDescriptor fd, watch_process(process));
  if (::syscall(SYS_pidfd_send_signal, fd.get(), signal, nullptr, 0u) == 0) return {};
  if (errno == ESRCH) return gone(process);
  return Error{errno == EPERM ? ErrorCode::kDenied : ErrorCode::kTransient,
               "process " + std::to_string(process.pid) + ": cannot be signalled (error " +
                   std::to_string(errno) + ")"};
}

}  // namespace joulery
