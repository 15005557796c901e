// session: what is called once a second while a command runs.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "joulery/session.h"

namespace joulery {
namespace {

TEST(CommandRunner, CallsThoughTheCommandWakesItAllTheTime) {
  const std::string called =
      std::filesystem::temp_directory_path() / ("joulery-called-" + std::to_string(::getpid()));
  ::setenv("CALLED", called.c_str(), 1);
  const auto runner = open_command_runner();
  ASSERT_TRUE(runner) << runner.error().message;

  // Ends well once it was called; gives up after 600 signals, 30 s at the least.
  const auto status = (*runner)->run(
      {"sh", "-c",
       "n=0; until [ -e \"$CALLED\" ]; do kill -s CHLD $PPID; sleep 0.05; n=$((n + 1)); "
       "[ $n -lt 600 ] || exit 1; done"},
      [&] { std::ofstream{called}; });

  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(*status, 0);
  std::filesystem::remove(called);
  ::unsetenv("CALLED");
}

}  // namespace
}  // namespace joulery
