#include "hw/bystander.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

namespace joulery {
namespace {

bool has(std::uint64_t mask, int signal) {
  return (mask >> static_cast<unsigned>(signal - 1) & 1u) != 0;
}

constexpr int kMostTurns = 1000;  // of a machine so busy that 10 ms pass without one

std::optional<std::uint64_t> answer_of(const Bystander& bystander) {
  for (int i = 0; i < kMostTurns; ++i)
    if (const auto seen = bystander.ask()) return seen;
  return std::nullopt;
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

// No /proc/PID of anybody, in a mount namespace of our own; false without the right to it.
bool hide_proc_from_us() {
  return ::unshare(CLONE_NEWNS) == 0 &&
         ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount("none", "/proc", "tmpfs", 0, nullptr) == 0;
}

TEST(Bystander, TellsByItselfWhatIsSentToTheGroup) {
  EXPECT_EQ(in_own_group([] {
              const auto bystander = Bystander::start();
              if (!bystander) return 1;
              ::kill(0, SIGUSR1);
              const auto seen = answer_of(*bystander);
              return seen && has(*seen, SIGUSR1) && !has(*seen, SIGUSR2) ? 0 : 2;
            }),
            0);
}

TEST(Bystander, SeesTheGroupWithoutProcToo) {
  constexpr int kNoRight = 77;
  const int result = in_own_group([] {
    if (!hide_proc_from_us()) return kNoRight;
    const auto bystander = Bystander::start();
    if (!bystander) return 1;
    ::kill(::getpid(), SIGUSR1);
    if (!answer_of(*bystander) || has(bystander->seen(), SIGUSR1)) return 2;
    ::kill(0, SIGUSR1);
    for (int i = 0; i < kMostTurns; ++i)
      if (has(bystander->seen(), SIGUSR1)) return 0;
    return 3;
  });
  if (result == kNoRight) GTEST_SKIP() << "no right to hide /proc";

  EXPECT_EQ(result, 0);
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
