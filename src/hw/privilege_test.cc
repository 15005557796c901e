// hw: root's rights for single calls. What changes a process for good is tried in a child.
#include "hw/privilege.h"

#include <gtest/gtest.h>
#include <pwd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

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
              // The system call itself: setuid() asks all threads, a sanitizer's own included.
              const bool refused = ::syscall(SYS_setuid, 0) != 0;
              return ::geteuid() == kNobody && !can_be_root() && refused ? 0 : 3;
            }),
            0);
}

/// Who called, as an environment of these variables alone tells it.
Result<Caller> caller_with(const std::vector<std::pair<const char*, const char*>>& variables) {
  constexpr std::array kAll = {"SUDO_UID", "SUDO_GID", "PKEXEC_UID", "DOAS_USER"};
  for (const char* name : kAll) ::unsetenv(name);
  for (const auto& [name, value] : variables) ::setenv(name, value, 1);
  auto caller = find_caller();
  for (const char* name : kAll) ::unsetenv(name);
  return caller;
}

TEST_F(Privileges, KnowWhoCalledSudo) {
  const auto caller = caller_with({{"SUDO_UID", "65534"}, {"SUDO_GID", "65533"}});

  ASSERT_TRUE(caller) << caller.error().message;
  EXPECT_TRUE(caller->known);
  EXPECT_EQ(caller->credentials.uid, 65534u);
  EXPECT_EQ(caller->credentials.gid, 65533u);
}

TEST_F(Privileges, KnowWhoCalledPkexecAndDoas) {
  const passwd* const entry = ::getpwuid(kNobody);
  if (entry == nullptr) GTEST_SKIP() << "there is no user nobody here";
  const std::string name = entry->pw_name;
  for (const auto& caller :
       {caller_with({{"PKEXEC_UID", "65534"}}), caller_with({{"DOAS_USER", name.c_str()}})}) {
    ASSERT_TRUE(caller) << caller.error().message;
    EXPECT_TRUE(caller->known);
    EXPECT_EQ(caller->credentials.uid, kNobody);
    EXPECT_EQ(caller->name, name);
  }
}

TEST_F(Privileges, AreRootsOwnWhereRootCalledOrNobodyIsNamed) {
  for (const auto& caller :
       {caller_with({}), caller_with({{"SUDO_UID", "0"}, {"SUDO_GID", "0"}}),
        caller_with({{"PKEXEC_UID", "0"}}), caller_with({{"DOAS_USER", "root"}})}) {
    ASSERT_TRUE(caller) << caller.error().message;
    EXPECT_FALSE(caller->known);
  }
}

TEST_F(Privileges, AreNeverRootsOwnWhereWhoCalledIsNotClear) {
  using Variables = std::vector<std::pair<const char*, const char*>>;
  for (const Variables& variables :
       {Variables{{"SUDO_UID", "65534"}}, Variables{{"SUDO_GID", "65534"}},
        Variables{{"SUDO_UID", ""}, {"SUDO_GID", "65534"}},
        Variables{{"SUDO_UID", "0x1"}, {"SUDO_GID", "65534"}},
        Variables{{"SUDO_UID", "4294967295"}, {"SUDO_GID", "65534"}},  // "unchanged" to the kernel
        Variables{{"SUDO_UID", "-1"}, {"SUDO_GID", "65534"}}, Variables{{"PKEXEC_UID", "x"}},
        Variables{{"PKEXEC_UID", "4294967294"}}, Variables{{"DOAS_USER", ""}},
        Variables{{"DOAS_USER", "no such user"}},
        Variables{{"SUDO_UID", "0"}, {"SUDO_GID", "0"}, {"DOAS_USER", "nobody"}}}) {
    const auto caller = caller_with(variables);
    ASSERT_FALSE(caller) << variables[0].first;
    EXPECT_EQ(caller.error().code, ErrorCode::kInvalid);
  }
}

}  // namespace
}  // namespace joulery
