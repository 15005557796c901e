#include "ledger/home.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "joulery/ledger.h"

namespace joulery {
namespace {

class DefaultHome : public testing::Test {
 protected:
  DefaultHome() {
    ::unsetenv("JOULERY_HOME");
    ::unsetenv("XDG_DATA_HOME");
    ::setenv("HOME", "/home/ada", 1);
  }
};

TEST_F(DefaultHome, IsBelowTheUsersHome) {
  EXPECT_EQ(*default_home(), "/home/ada/.local/share/joulery");
}

TEST_F(DefaultHome, FollowsTheVariables) {
  ::setenv("XDG_DATA_HOME", "/data", 1);
  EXPECT_EQ(*default_home(), "/data/joulery");

  ::setenv("JOULERY_HOME", "/scratch/ledger", 1);
  EXPECT_EQ(*default_home(), "/scratch/ledger");
}

TEST_F(DefaultHome, IgnoresARelativeDataHome) {
  ::setenv("XDG_DATA_HOME", "data", 1);
  EXPECT_EQ(*default_home(), "/home/ada/.local/share/joulery");
}

TEST_F(DefaultHome, StaysWhereItWasWhenTheDirectoryChanges) {
  ::setenv("JOULERY_HOME", "ledger", 1);
  EXPECT_TRUE(default_home()->starts_with('/'));
}

}  // namespace
}  // namespace joulery
