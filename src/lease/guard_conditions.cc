// lease: what a guard needs of the kernel to act in time, see guard.h.
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

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

}  // namespace

void settle_in() {
  ::prctl(PR_SET_NAME, "joulery-guard");
  // proc(5), oom_score_adj
  [[maybe_unused]] const auto unkilled =
      open_file_tree("")->write("/proc/self/oom_score_adj", "-1000");
  const sched_param ordinary{};
  [[maybe_unused]] const int scheduled = ::sched_setscheduler(0, SCHED_OTHER, &ordinary);
  [[maybe_unused]] const int favoured = ::setpriority(PRIO_PROCESS, 0, 0);
  for (const auto which : {RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_AS}) lift_limit(which);
  // Where a limit stays: a record that cannot be written is an error, and no end of the guard.
  ::signal(SIGXFSZ, SIG_IGN);
  ::signal(SIGXCPU, SIG_IGN);
}

}  // namespace joulery
