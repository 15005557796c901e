// hw: programs that outlive the one that starts them.
#include "hw/detached.h"

#include <gmock/gmock.h>
#include <unistd.h>

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
  EXPECT_THAT(*read_report(*pipe, 30s), HasSubstr("cannot be executed"));
}

TEST(Detached, IsNotWaitedForWithoutEnd) {
  EXPECT_EQ(report_of("exit 0"), "ended without an answer");
  const auto pipe = start_detached({"/bin/sh", "-c", "read line; sleep 60"}, {});
  ASSERT_TRUE(pipe);
}

}  // namespace
}  // namespace joulery
