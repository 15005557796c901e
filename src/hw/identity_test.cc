// hw: processes by number and start.
#include "hw/identity.h"

#include <gmock/gmock.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

namespace joulery {
namespace {

using testing::HasSubstr;

TEST(ProcessStat, IsFoundBehindAnyName) {
  const std::string rest = " S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20 21\n";

  for (const std::string name : {"(sh)", "(a) S 1 (b)", "()", "(x y)) Z)"}) {
    const auto stat = parse_process_stat("12 " + name + rest);
    ASSERT_TRUE(stat) << name;
    EXPECT_EQ(stat->state, 'S');
    EXPECT_EQ(stat->start, 4711u);
  }
}

TEST(ProcessStat, IsRefusedWhereItIsCut) {
  for (const std::string text : {"", "12", "12 (sh)", "12 (sh) ", "12 (sh) S 1 2 3",
                                 "12 (sh) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 -1"})
    EXPECT_FALSE(parse_process_stat(text)) << text;
}

/// A child that sleeps until it is killed.
class Sleeper {
 public:
  Sleeper() : pid_(::fork()) {
    if (pid_ == 0)
      for (;;) ::pause();
  }
  ~Sleeper() {
    kill();
    ::waitpid(pid_, nullptr, 0);
  }
  void kill() const { ::kill(pid_, SIGKILL); }
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
};

TEST(ProcessIdentity, LivesUntilItsProcessEndsThoughNobodyHasWaited) {
  const Sleeper child;
  const auto identity = identify_process(child.pid());
  ASSERT_TRUE(identity);
  EXPECT_TRUE(is_alive(*identity));
  const auto watch = watch_process(*identity);
  ASSERT_TRUE(watch) << watch.error().message;

  child.kill();

  pollfd ended{watch->get(), POLLIN, 0};
  ASSERT_EQ(::poll(&ended, 1, 30'000), 1);
  EXPECT_FALSE(is_alive(*identity));
}

TEST(ProcessIdentity, IsNotTheNextOneOfThatNumber) {
  const auto own = own_identity();
  ASSERT_TRUE(own) << own.error().message;
  ProcessIdentity other = *own;
  EXPECT_TRUE(is_alive(other));
  ++other.start;

  EXPECT_FALSE(is_alive(other));
  const auto watch = watch_process(other);
  ASSERT_FALSE(watch);
  EXPECT_EQ(watch.error().code, ErrorCode::kGone);
  EXPECT_EQ(signal_process(other, SIGKILL).error().code, ErrorCode::kGone);
}

/// What a child with mounts of its own finds out about a process, as nobody.
int seen_by_nobody(const std::function<bool()>& prepare, const std::function<int()>& look) {
  constexpr int kNotPossible = 77;
  const pid_t child = ::fork();
  if (child == 0) {
    const bool ready = ::unshare(CLONE_NEWNS) == 0 &&
                       ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                       prepare() && ::setegid(65534) == 0 && ::seteuid(65534) == 0;
    ::_exit(ready ? look() : kNotPossible);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

bool hide_processes() { return ::mount("proc", "/proc", "proc", 0, "hidepid=2") == 0; }
bool hide_proc() { return ::mount("tmpfs", "/proc", "tmpfs", 0, nullptr) == 0; }

TEST(ProcessIdentity, LivesWhereProcDoesNotShowIt) {
  for (const auto& prepare : {hide_processes, hide_proc}) {
    const Sleeper child;
    const auto identity = identify_process(child.pid());
    ASSERT_TRUE(identity);

    const int seen = seen_by_nobody(prepare, [&] {
      if (!is_alive(*identity) || !watch_process(*identity)) return 1;
      const auto again = identify_process(child.pid());
      return !again && again.error().code != ErrorCode::kGone ? 0 : 2;
    });

    if (seen == 77) GTEST_SKIP() << "no mounts can be made here";
    EXPECT_EQ(seen, 0);
  }
}

TEST(ProcessIdentity, HasEndedWhereProcDoesNotShowItAndTheKernelKnowsOfNone) {
  const Sleeper zombie;
  const auto identity = identify_process(zombie.pid());
  ASSERT_TRUE(identity);
  const auto watch = watch_process(*identity);
  ASSERT_TRUE(watch);
  zombie.kill();
  pollfd ended{watch->get(), POLLIN, 0};
  ASSERT_EQ(::poll(&ended, 1, 30'000), 1);

  const int seen = seen_by_nobody(hide_proc, [&] {
    if (is_alive(*identity)) return 1;
    if (is_alive({0x7ffffffe, 1})) return 2;  // above the highest number of any kernel
    if (own_identity()) return 3;
    return identify_process(zombie.pid()).error().code == ErrorCode::kGone ? 0 : 4;
  });

  if (seen == 77) GTEST_SKIP() << "no mounts can be made here";
  EXPECT_EQ(seen, 0);
}

}  // namespace
}  // namespace joulery
