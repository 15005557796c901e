// hw: programs that outlive the one that starts them.
#include "hw/detached.h"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "base/text.h"

namespace joulery {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

std::string report_of(const std::string& script, const std::vector<std::string>& environment = {}) {
  const auto pipe = start_detached({"/bin/sh", "-c", script}, environment);
  if (!pipe) return pipe.error().message;
  const auto report = read_report(*pipe, 30s);
  return report ? *report : report.error().message;
}

TEST(Detached, ReportsOnItsThirdDescriptor) { EXPECT_EQ(report_of("echo ready >&3"), "ready"); }

TEST(Detached, HasASessionOfItsOwnAndIsNotItsLeader) {
  const std::string stat = report_of("read -r line </proc/self/stat; echo \"$line\" >&3");

  const auto fields = split(stat, ' ');  // pid (sh) state ppid pgrp session ...
  ASSERT_GT(fields.size(), 6u) << stat;
  EXPECT_NE(fields[5], std::to_string(::getsid(0)));
  EXPECT_NE(fields[5], fields[0]);
}

TEST(Detached, HasNoStreamsNoOtherDescriptorAndNoEnvironmentButItsOwn) {
  const int inherited = ::dup(STDERR_FILENO);  // without O_CLOEXEC, as a library might
  ASSERT_EQ(::setenv("JOULERY_TEST_SECRET", "1", 1), 0);

  const std::string seen = report_of(
      "for n in 0 1 2 3 4 5 6 7 8 9; do [ -e /proc/$$/fd/$n ] && open=$open$n; done; "
      "echo $open $PWD [$JOULERY_TEST_SECRET] $GIVEN >&3",
      {"GIVEN=yes", "PATH=/usr/bin:/bin"});

  EXPECT_EQ(seen, "0123 / [] yes");
  ::close(inherited);
  ::unsetenv("JOULERY_TEST_SECRET");
}

TEST(Detached, SaysWhereThereIsNoSuchProgram) {
  const auto pipe = start_detached({"/nonexistent/program"}, {});

  ASSERT_TRUE(pipe);
  EXPECT_EQ(*read_report(*pipe, 30s), "error 0 cannot be executed: No such file or directory");
}

TEST(Detached, IsFoundFromWhereItWasStarted) {
  const std::string shell = std::filesystem::relative("/bin/sh", std::filesystem::current_path());
  ASSERT_FALSE(shell.starts_with('/'));
  const auto pipe = start_detached({shell, "-c", "echo $PWD >&3"}, {});

  ASSERT_TRUE(pipe) << pipe.error().message;
  EXPECT_EQ(*read_report(*pipe, 30s), "/");
}

// In a child, which has no descriptor left after those of the pipe.
TEST(Detached, SaysWhereItsStreamsCannotBeOpened) {
  const pid_t child = ::fork();
  if (child == 0) {
    int last = 0;
    while (last < 20) last = ::dup(STDIN_FILENO);
    const rlimit limit{static_cast<rlim_t>(last) + 3, static_cast<rlim_t>(last) + 3};
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) ::_exit(77);
    const auto pipe = start_detached({"/bin/sh", "-c", "echo ok >&3"}, {});
    if (!pipe) ::_exit(2);
    const auto report = read_report(*pipe, 30s);
    ::_exit(report && *report == "error 0 its streams cannot be opened: Too many open files" ? 0
                                                                                             : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);

  EXPECT_EQ(status, 0);
}

TEST(Detached, IsNotWaitedForWithoutEnd) {
  EXPECT_EQ(report_of("exit 0"), "ended without an answer");
  const auto pipe = start_detached({"/bin/sh", "-c", "read line; sleep 60"}, {});
  ASSERT_TRUE(pipe);
}

}  // namespace
}  // namespace joulery
