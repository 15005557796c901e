// hw: processes by number and start.
#include "hw/identity.h"

#include <gmock/gmock.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

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
  ProcessIdentity other = own_identity();
  EXPECT_TRUE(is_alive(other));
  ++other.start;

  EXPECT_FALSE(is_alive(other));
  const auto watch = watch_process(other);
  ASSERT_FALSE(watch);
  EXPECT_EQ(watch.error().code, ErrorCode::kGone);
  EXPECT_EQ(signal_process(other, SIGKILL).error().code, ErrorCode::kGone);
}

}  // namespace
}  // namespace joulery
