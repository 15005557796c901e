// slurm: child processes that stand for Slurm's commands.
#include "slurm/command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

namespace joulery {
namespace {

using testing::HasSubstr;

TEST(Command, AsideReadsItsInputAndTellsBothStreams) {
  const auto end = run_aside({{"sh", "-c", "cat; echo said >&2; exit 3"}, "read\n"});

  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_status, 3);
  EXPECT_EQ(end->output, "read\nsaid\n");
}

TEST(Command, AsideHasNoneOfTheVariablesByWhichSlurmIsSpokenTo) {
  constexpr const char* kSaid[] = {"SBATCH_ARRAY_INX", "SQUEUE_STATES", "SCANCEL_INTERACTIVE",
                                   "SCONTROL_ALL"};
  for (const char* const name : kSaid) setenv(name, "1-9", 1);
  setenv("SLURM_CONF_OF_TEST", "kept", 1);

  const auto end = run_aside({{"env"}, ""});
  for (const char* const name : kSaid) unsetenv(name);
  unsetenv("SLURM_CONF_OF_TEST");

  ASSERT_TRUE(end);
  for (const char* const name : kSaid) EXPECT_THAT(end->output, testing::Not(HasSubstr(name)));
  EXPECT_THAT(end->output, HasSubstr("SLURM_CONF_OF_TEST=kept\n"));
}

TEST(Command, InputThatNobodyReadsHurtsNobody) {
  const auto end = run_aside({{"true"}, std::string(60000, 'x')});

  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_status, 0);
}

TEST(Command, InSightPassesOnWhatIsWrittenAndKeepsItsBegin) {
  testing::internal::CaptureStdout();
  const auto end = run_in_sight({"sh", "-c", "echo a; head -c 100000 /dev/zero; exit 7"}, {});
  const std::string seen = testing::internal::GetCapturedStdout();

  ASSERT_TRUE(end);
  EXPECT_EQ(end->exit_status, 7);
  EXPECT_EQ(seen.size(), 100002U);
  EXPECT_EQ(end->output.size(), 65536U);
  EXPECT_EQ(end->output.substr(0, 2), "a\n");
}

TEST(Command, InSightReadsInputLongerThanAPipeHolds) {
  testing::internal::CaptureStdout();
  const auto end = run_in_sight({"wc", "-c"}, std::string(1U << 20, 'x'));
  testing::internal::GetCapturedStdout();

  ASSERT_TRUE(end);
  EXPECT_EQ(end->output, "1048576\n");
}

TEST(Command, ASignalIsToldAsAShellTellsIt) {
  EXPECT_EQ(run_aside({{"sh", "-c", "kill -9 $$"}, ""})->exit_status, 128 + 9);
}

TEST(Command, AbsentIsUnavailable) {
  const auto end = run_in_sight({"no-such-sbatch"}, {});

  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(end.error().message, HasSubstr("no-such-sbatch: not found"));
}

}  // namespace
}  // namespace joulery
