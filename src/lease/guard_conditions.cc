// lease: what a guard needs of the kernel to act in time, see guard.h.
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "hw/file_tree.h"
#include "lease/guard.h"

namespace joulery {
namespace {

void lift_limit(__rlimit_resource which) {
  const rlimit none{RLIM_INFINITY, RLIM_INFINITY};
  if (::setrlimit(which, &none) == 0) return;
  rlimit most{};  // who is not root may still raise it to the hard one
  if (::getrlimit(which, &most) != 0) return;
  most.rlim_cur = most.rlim_max;
  [[maybe_unused]] const int best_effort = ::setrlimit(which, &most);
}

// Where they are mounted by convention (systemd, docs/CGROUP_DELEGATION.md): v2 alone, or beside
// v1.
std::vector<std::string> roots_of(std::string_view controllers) {
  if (controllers.empty()) return {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};
  if (controllers == "name=systemd") return {"/sys/fs/cgroup/systemd"};
  if (controllers == "freezer") return {"/sys/fs/cgroup/freezer"};
  return {};
}

}  // namespace

void leave_job_groups(const FileTree& files) {
  const std::string groups = files.read("/proc/self/cgroup").value_or(std::string());
  for (const std::string_view line : split(groups, '\n')) {
    const auto parts = split(line, ':');  // "0::/user.slice/...", cgroups(7)
    if (parts.size() < 3 || parts[2] == "/") continue;
    for (const std::string& root : roots_of(parts[1]))
      if (files.write(root + "/cgroup.procs", "0")) break;  // 0: who writes
  }
}

void settle_in() {
  ::prctl(PR_SET_NAME, "joulery-guard");
  const auto files = open_file_tree("");
  // proc(5), oom_score_adj
  [[maybe_unused]] const auto unkilled = files->write("/proc/self/oom_score_adj", "-1000");
  leave_job_groups(*files);
  const sched_param ordinary{};
  [[maybe_unused]] const int scheduled = ::sched_setscheduler(0, SCHED_OTHER, &ordinary);
  [[maybe_unused]] const int favoured = ::setpriority(PRIO_PROCESS, 0, 0);
  for (const auto which : {RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_AS}) lift_limit(which);
  // Where a limit stays: a record that cannot be written is an error, and no end of the guard.
  ::signal(SIGXFSZ, SIG_IGN);
  ::signal(SIGXCPU, SIG_IGN);
}

}  // namespace joulery
