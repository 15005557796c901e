// hw: what /proc tells of other processes and of the machine's CPUs, see process.h.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>
#include <string_view>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "hw/proc_files.h"
#include "hw/process.h"

namespace joulery {
namespace {

// An environment may reach 6 MB (three quarters of _STK_LIM, Linux fs/exec.c); ours stands at its
// end when a program inherits it unchanged.
constexpr std::size_t kMaxEnvironment = 8u << 20;

enum class Carries : std::uint8_t { kNo, kYes, kEmpty };

// Reads it piece by piece with an overlap, so that memory stays small: the variables are separated
// by NULs.
Carries look_into_environment(int proc_pid, const std::string& assignment) {
  const FileDescriptor file(::openat(proc_pid, "environ", O_RDONLY | O_CLOEXEC));
  if (!file) return Carries::kNo;
  const std::string wanted = '\0' + assignment + '\0';
  std::string window(1, '\0');
  std::array<char, 1 << 14> piece;
  std::size_t total = 0;
  while (total < kMaxEnvironment) {
    const ssize_t n = ::read(file.get(), piece.data(), piece.size());
    if (n <= 0) break;
    total += static_cast<std::size_t>(n);
    window.append(piece.data(), static_cast<std::size_t>(n));
    if (window.find(wanted) != std::string::npos) return Carries::kYes;
    if (window.size() > wanted.size()) window.erase(0, window.size() - wanted.size());
  }
  return total == 0 ? Carries::kEmpty : Carries::kNo;
}

// Zombies and the kernel's own threads have none.
bool has_program(int proc_pid) {
  char first = 0;
  return ::readlinkat(proc_pid, "exe", &first, 1) > 0;
}

// In the midst of exec(2) a process has its new memory and no environment in it yet (Linux
// fs/exec.c, begin_new_exec): one that may be new is looked at again, for 2 ms at most (a choice:
// an exec takes less).
bool environment_holds(int proc_pid, const std::string& assignment, bool may_be_new) {
  constexpr int kLooks = 20;
  constexpr timespec kNap{.tv_sec = 0, .tv_nsec = 100'000};
  Carries carries = look_into_environment(proc_pid, assignment);
  for (int i = 0; may_be_new && i < kLooks && carries == Carries::kEmpty && has_program(proc_pid);
       ++i) {
    ::nanosleep(&kNap, nullptr);
    carries = look_into_environment(proc_pid, assignment);
  }
  return carries == Carries::kYes;
}

std::string read_small(int proc_pid, const char* name) {
  const FileDescriptor file(::openat(proc_pid, name, O_RDONLY | O_CLOEXEC));
  std::array<char, 512> text;
  const ssize_t n = file ? ::read(file.get(), text.data(), text.size()) : -1;
  return std::string(trim(std::string_view(text.data(), n > 0 ? static_cast<std::size_t>(n) : 0)));
}

bool is_ours(int proc_pid) {
  struct stat owner {};
  return ::fstat(proc_pid, &owner) == 0 && owner.st_uid == ::geteuid();
}

// Younger ones first, which a child of this process is until the numbers begin anew.
std::vector<int> others_in(DIR* proc) {
  std::vector<int> pids;
  while (const dirent* entry = ::readdir(proc))
    if (const auto pid = parse_integer(entry->d_name); pid && *pid != ::getpid())
      pids.push_back(static_cast<int>(*pid));
  std::stable_partition(pids.begin(), pids.end(), [](int pid) { return pid > ::getpid(); });
  return pids;
}

}  // namespace

ProcessSearch find_processes_with(const std::string& assignment, Micros limit) {
  ProcessSearch search;
  const Instant deadline = monotonic_now() + limit;
  const std::unique_ptr<DIR, int (*)(DIR*)> proc(::opendir("/proc"), ::closedir);
  if (!proc) {
    search.complete = false;
    return search;
  }
  for (const int pid : others_in(proc.get())) {
    if (monotonic_now() >= deadline) {
      search.complete = false;
      break;
    }
    const FileDescriptor dir(::openat(::dirfd(proc.get()), std::to_string(pid).c_str(),
                                      O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!dir || !is_ours(dir.get()) || !environment_holds(dir.get(), assignment, pid > ::getpid()))
      continue;
    search.found.push_back({pid, read_small(dir.get(), "comm")});
  }
  return search;
}

pid_t parent_of(pid_t pid) {
  const FileDescriptor dir(
      ::open(("/proc/" + std::to_string(pid)).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!dir) return 0;
  const std::string stat = read_small(dir.get(), "stat");
  const std::size_t end_of_name = stat.rfind(") ");  // the name may hold blanks and brackets itself
  if (end_of_name == std::string::npos || stat.size() < end_of_name + 4) return 0;
  const auto fields =
      split(std::string_view(stat).substr(end_of_name + 2), ' ');  // state, ppid, ...
  if (fields.size() < 2) return 0;
  return static_cast<pid_t>(parse_integer(fields[1]).value_or(0));
}

Result<Seconds> read_busy_time(const FileTree& files) {
  JOULERY_TRY(const std::string text, files.read("/proc/stat"));
  const auto times = parse_cpu_times(text);
  if (!times) return Error{ErrorCode::kInvalid, "/proc/stat: line 1 does not tell the CPUs' times"};
  return Seconds(times->busy);
}

}  // namespace joulery
