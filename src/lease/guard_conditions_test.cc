// lease: what a guard does not inherit, and what a record tells of a command.
#include <gmock/gmock.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <future>
#include <string>
#include <vector>

#include "hw/fake_file_tree.h"
#include "lease/guard.h"
#include "lease/host.h"

namespace joulery {
namespace {

/// In a child, whose settings are its own: 0: all is as a guard needs it, else what is not.
int settle_in_under_a_jobs_limits() {
  const sched_param none{};
  const rlimit file{1024, RLIM_INFINITY};
  const rlimit cpu{10, RLIM_INFINITY};
  if (::sched_setscheduler(0, SCHED_IDLE, &none) != 0 || ::setpriority(PRIO_PROCESS, 0, 19) != 0 ||
      ::setrlimit(RLIMIT_FSIZE, &file) != 0 || ::setrlimit(RLIMIT_CPU, &cpu) != 0)
    return 1;
  settle_in();
  ::raise(SIGXFSZ);
  ::raise(SIGXCPU);
  rlimit seen{};
  if (::getrlimit(RLIMIT_FSIZE, &seen) != 0 || seen.rlim_cur != RLIM_INFINITY) return 2;
  if (::getrlimit(RLIMIT_CPU, &seen) != 0 || seen.rlim_cur != RLIM_INFINITY) return 3;
  if (::geteuid() != 0) return 0;  // only root may raise what was lowered
  if (::sched_getscheduler(0) != SCHED_OTHER) return 4;
  return ::getpriority(PRIO_PROCESS, 0) == 0 ? 0 : 5;
}

TEST(GuardConditions, AreNotThoseOfTheCallersJobs) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) ::_exit(settle_in_under_a_jobs_limits());

  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);

  EXPECT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(GuardConditions, AreOutsideOfTheGroupsByWhichJobsAreEnded) {
  const std::vector<std::string> procs{
      "/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/freezer/cgroup.procs",
      "/sys/fs/cgroup/systemd/cgroup.procs", "/sys/fs/cgroup/memory/cgroup.procs"};
  FakeFileTree files;
  for (const std::string& path : procs) files.set(path, "");
  files.set("/proc/self/cgroup",
            "4:memory:/slurm/job_7\n3:freezer:/slurm/job_7\n1:name=systemd:/\n0::/job_7\n");

  leave_job_groups(files);

  EXPECT_EQ(*files.read(procs[0]), "0");
  EXPECT_EQ(*files.read(procs[1]), "0");
  EXPECT_EQ(*files.read(procs[2]), "");  // not in one
  EXPECT_EQ(*files.read(procs[3]), "");  // ends nobody as a whole
}

TEST(GuardConditions, AreLeftAsTheyAreWhereNothingTellsOfGroups) {
  FakeFileTree files;
  leave_job_groups(files);
  files.set("/proc/self/cgroup", "nonsense\n0::\n::\n");
  leave_job_groups(files);
}

TEST(LeaseHost, RunsAllAtOnce) {
  const auto host = open_lease_host("", {.wanted = false, .program = {}, .directory = {}}, {});
  std::promise<void> first;
  std::promise<void> second;

  // One after the other would wait for ever.
  host->run_all({[&] {
                   first.set_value();
                   second.get_future().wait();
                 },
                 [&] {
                   second.set_value();
                   first.get_future().wait();
                 }});
  host->run_all({});
}

/// Words as /proc/PID/cmdline has them.
std::string command_line(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += word + '\0';
  return line;
}

TEST(PublicCommand, HidesWhatMayBeSecret) {
  EXPECT_EQ(public_command(command_line(
                {"/usr/bin/joulery", "cap", "set", "150W", "--", "./train", "--token=x"})),
            "/usr/bin/joulery cap set 150W -- ./train");
  EXPECT_EQ(public_command(command_line({"joulery", "cap", "set", "150W", "--for", "2h"})),
            "joulery cap set 150W --for 2h");
  EXPECT_EQ(public_command(command_line({"python3", "train.py", "--token=x"})), "python3");
  EXPECT_EQ(public_command(""), "");
}

}  // namespace
}  // namespace joulery
