#include "hw/bystander.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace joulery {
namespace {

bool has(std::uint64_t mask, int signal) {
  return (mask >> static_cast<unsigned>(signal - 1) & 1u) != 0;
}

// A group of our own, so that the test's runner is not signalled: the body runs in a child that
// leads it.
int in_own_group(int (*body)()) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::setpgid(0, 0);
    ::signal(SIGUSR1, SIG_IGN);
    ::_exit(body());
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Bystander, SeesWhatIsSentToTheGroup) {
  EXPECT_EQ(in_own_group([] {
              const auto bystander = Bystander::start();
              if (!bystander || has(bystander->seen(), SIGUSR1)) return 1;
              ::kill(0, SIGUSR1);
              return has(bystander->seen(), SIGUSR1) && !has(bystander->seen(), SIGUSR2) ? 0 : 2;
            }),
            0);
}

TEST(Bystander, DoesNotSeeWhatIsSentToUsAlone) {
  EXPECT_EQ(in_own_group([] {
              const auto bystander = Bystander::start();
              ::kill(::getpid(), SIGUSR1);
              return bystander && !has(bystander->seen(), SIGUSR1) ? 0 : 1;
            }),
            0);
}

TEST(Bystander, EndsWithItsObject) {
  pid_t pid = 0;
  {
    const auto bystander = Bystander::start();
    ASSERT_TRUE(bystander);
    pid = bystander->pid();
    EXPECT_EQ(::kill(pid, 0), 0);
  }
  EXPECT_NE(::kill(pid, 0), 0);
}

}  // namespace
}  // namespace joulery
