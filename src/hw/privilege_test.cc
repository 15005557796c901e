// hw: root's rights for single calls. What changes a process for good is tried in a child.
#include "hw/privilege.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <thread>

namespace joulery {
namespace {

constexpr uid_t kNobody = 65534;

class Privileges : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  }
  /// The status that `body` exits with in a child.
  static int in_a_child(const std::function<int()>& body) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(body());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
  }
  static bool lower() {
    return lower_effective({.uid = kNobody, .gid = kNobody, .groups = {kNobody}}).has_value();
  }
};

TEST_F(Privileges, AreRaisedForOneThreadAndOneScope) {
  EXPECT_EQ(in_a_child([] {
              if (!lower() || ::geteuid() != kNobody) return 1;
              int raised = 0;
              std::thread([&] {
                const RootScope root;
                if (::geteuid() == 0) raised = 1;
              }).join();
              std::atomic<int> step = 0;
              std::thread other([&] {  // lives while this thread is root
                while (step.load() == 0) std::this_thread::yield();
                if (::geteuid() != kNobody) raised = 0;
              });
              {
                const RootScope root;
                step = 1;
                other.join();
                if (::geteuid() != 0) return 2;
              }
              if (::geteuid() != kNobody || raised != 1) return 3;
              const RootScope unwanted(false);
              return ::geteuid() == kNobody ? 0 : 4;
            }),
            0);
}

TEST_F(Privileges, AreGivenUpForGood) {
  EXPECT_EQ(in_a_child([] {
              if (!lower() || !can_be_root()) return 1;
              if (!become_for_good({.uid = kNobody, .gid = kNobody, .groups = {}})) return 2;
              const RootScope root;
              return ::geteuid() == kNobody && !can_be_root() && ::setuid(0) != 0 ? 0 : 3;
            }),
            0);
}

TEST_F(Privileges, KnowWhoCalledSudo) {
  ::setenv("SUDO_UID", "65534", 1);
  ::setenv("SUDO_GID", "65533", 1);
  const auto caller = find_sudo_caller();
  ::setenv("SUDO_UID", "4294967295", 1);  // "unchanged" to the kernel: would stay root
  const auto unchanged = find_sudo_caller();
  ::setenv("SUDO_UID", "0x1", 1);
  const auto malformed = find_sudo_caller();
  ::setenv("SUDO_UID", "0", 1);
  const auto root = find_sudo_caller();
  ::unsetenv("SUDO_UID");
  const auto none = find_sudo_caller();
  ::unsetenv("SUDO_GID");

  ASSERT_TRUE(caller);
  EXPECT_TRUE(caller->known);
  EXPECT_EQ(caller->credentials.uid, 65534u);
  EXPECT_EQ(caller->credentials.gid, 65533u);
  EXPECT_FALSE(unchanged);
  EXPECT_FALSE(malformed);
  EXPECT_FALSE(root->known);
  EXPECT_FALSE(none->known);
}

}  // namespace
}  // namespace joulery
