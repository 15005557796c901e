// hw: starting a command, see process.h. After the vfork only calls that are safe there: other
// threads may hold any lock.
#include "hw/process.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

#include "base/file.h"
#include "base/text.h"

namespace joulery {
namespace {

// Where there is no /proc. The bound is the usual hard limit: a job rarely inherits one above it.
std::vector<int> probe_file_descriptors() {
  constexpr long kMost = 4096;
  const long limit = ::sysconf(_SC_OPEN_MAX);
  std::vector<int> fds;
  for (int fd = 0; fd < std::min(limit < 0 ? kMost : limit, kMost); ++fd)
    if (::fcntl(fd, F_GETFD) >= 0) fds.push_back(fd);
  return fds;
}

std::vector<int> open_file_descriptors() {
  std::vector<int> fds;
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir("/proc/self/fd"), ::closedir);
  if (!dir) return probe_file_descriptors();
  while (const dirent* entry = ::readdir(dir.get())) {
    const auto fd = parse_integer(entry->d_name);
    if (fd && *fd != ::dirfd(dir.get())) fds.push_back(static_cast<int>(*fd));
  }
  std::sort(fds.begin(), fds.end());
  return fds;
}

std::vector<int> inheritable_descriptors() {
  std::vector<int> fds = open_file_descriptors();
  std::erase_if(fds, [](int fd) {
    const int flags = ::fcntl(fd, F_GETFD);
    return flags < 0 || (flags & FD_CLOEXEC) != 0;
  });
  return fds;
}

std::optional<std::vector<int>>& noted_descriptors() {
  static std::optional<std::vector<int>> noted;
  return noted;
}

// Whatever a vendor's library opened without O_CLOEXEC must not reach the command. Safe after fork.
void close_others_at_exec(const std::vector<int>& kept) {
  unsigned next = 0;
  const auto mark = [](unsigned first, unsigned last) {
    ::syscall(SYS_close_range, first, last, CLOSE_RANGE_CLOEXEC);
  };
  for (const int fd : kept) {
    const auto number = static_cast<unsigned>(fd);
    if (number > next) mark(next, number - 1);
    next = number + 1;
  }
  mark(next, UINT_MAX);
}

// In the child. glibc's execvpe allocates nothing (its own posix_spawn calls it after a vfork).
[[noreturn]] void become(char* const* command, char* const* environment, const Inheritance& inherit,
                         int report) {
  close_others_at_exec(inherit.file_descriptors);
  ::sigaction(SIGCHLD, &inherit.child_action, nullptr);
  ::sigprocmask(SIG_SETMASK, &inherit.signal_mask, nullptr);
  if (!inherit.user || become_for_good(*inherit.user)) ::execvpe(command[0], command, environment);
  const int reason = errno;
  if (::write(report, &reason, sizeof reason) < 0) ::_exit(126);
  ::_exit(126);
}

// The errno of the exec, or 0 where the pipe was closed by its success.
int read_exec_error(int pipe) {
  int reason = 0;
  ssize_t n;
  do n = ::read(pipe, &reason, sizeof reason);
  while (n < 0 && errno == EINTR);
  return n == sizeof reason ? reason : 0;
}

Error start_error(const std::string& command, int reason) {
  if (reason == ENOENT) return Error{ErrorCode::kUnavailable, command + ": command not found"};
  const std::string why = command + ": cannot execute: " + std::strerror(reason);
  return Error{reason == ENOTDIR ? ErrorCode::kInvalid : ErrorCode::kDenied, why};
}

bool same_name(std::string_view a, std::string_view b) {
  return a.substr(0, a.find('=')) == b.substr(0, b.find('='));
}

std::optional<Credentials> find_lowered_user() {
  if (::getuid() != 0 || ::geteuid() == 0) return std::nullopt;
  Credentials user{.uid = ::geteuid(), .gid = ::getegid(), .groups = {}};
  user.groups.resize(static_cast<std::size_t>(std::max(0, ::getgroups(0, nullptr))));
  if (::getgroups(static_cast<int>(user.groups.size()), user.groups.data()) < 0)
    user.groups.clear();
  return user;
}

}  // namespace

std::vector<char*> pointers_to(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

Inheritance Inheritance::take() {
  Inheritance found;
  found.user = find_lowered_user();
  ::pthread_sigmask(SIG_SETMASK, nullptr, &found.signal_mask);
  ::sigaction(SIGCHLD, nullptr, &found.child_action);
  found.file_descriptors = inheritable_descriptors();
  if (const auto& noted = noted_descriptors())
    std::erase_if(found.file_descriptors,
                  [&](int fd) { return !std::binary_search(noted->begin(), noted->end(), fd); });
  return found;
}

void Inheritance::note_descriptors() {
  if (auto& noted = noted_descriptors(); !noted) noted = inheritable_descriptors();
}

Result<pid_t> start_process(const std::vector<std::string>& command,
                            const std::vector<std::string>& environment,
                            const Inheritance& inherit) {
  if (command.empty()) return Error{ErrorCode::kUsage, "no command to start"};
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return Error{ErrorCode::kTransient, "pipe: " + std::string(std::strerror(errno))};
  const FileDescriptor read_end(ends[0]);
  FileDescriptor write_end(ends[1]);
  const std::vector<char*> argv = pointers_to(command);
  const std::vector<char*> envp = pointers_to(environment);

  // This thread stands still until the exec, and no page table is copied. become() makes system
  // calls alone, on arrays that were made before it; posix_spawn knows neither close_range nor ids.
  const pid_t pid = ::vfork();  // NOLINT(bugprone-unsafe-functions)
  if (pid == 0) become(argv.data(), envp.data(), inherit, write_end.get());
  if (pid < 0)
    return Error{ErrorCode::kTransient, "cannot fork: " + std::string(std::strerror(errno))};
  write_end.reset();
  const int reason = read_exec_error(read_end.get());
  if (reason == 0) return pid;
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return start_error(command[0], reason);
}

std::vector<std::string> make_environment(const std::vector<std::string>& added,
                                          const std::vector<std::string>& dropped) {
  std::vector<std::string> out;
  const auto replaced = [&](std::string_view entry) {
    const auto is_it = [&](const std::string& other) { return same_name(entry, other); };
    return std::any_of(added.begin(), added.end(), is_it) ||
           std::any_of(dropped.begin(), dropped.end(), is_it);
  };
  for (char** entry = environ; *entry != nullptr; ++entry)
    if (!replaced(*entry)) out.emplace_back(*entry);
  out.insert(out.end(), added.begin(), added.end());
  return out;
}

}  // namespace joulery
