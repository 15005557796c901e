// slurm: which of an option's sources is in force, and what cannot be known.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <filesystem>

#include "base/file.h"
#include "joulery/slurm.h"

namespace joulery {
namespace {

using testing::HasSubstr;

/// A directory with scripts, and no SBATCH_ variable that a test has set is left.
class SbatchCallTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string path = testing::TempDir() + "joulery-slurm-XXXXXX";
    ASSERT_NE(mkdtemp(path.data()), nullptr);
    dir_ = path;
  }
  void TearDown() override {
    std::filesystem::remove_all(dir_);
    for (const char* const name :
         {"SBATCH_TIMELIMIT", "SBATCH_NO_REQUEUE", "SBATCH_IGNORE_PBS", "SLURM_CLUSTERS"})
      unsetenv(name);
  }
  std::string script(const std::string& text) {
    EXPECT_TRUE(save_file(dir_ + "/job.sh", text));
    return dir_ + "/job.sh";
  }
  static SbatchCall read(std::vector<std::string> words) {
    auto call = read_sbatch_call(std::move(words));
    EXPECT_TRUE(call) << call.error().message;
    return call ? *call : SbatchCall{};
  }
  static std::string value(const SbatchCall& call, std::string_view name) {
    const SbatchOption* const option = call.find(name);
    return option == nullptr ? "absent" : option->value + " by " + option->from;
  }

  std::string dir_;
};

TEST_F(SbatchCallTest, TheCommandLineBeatsTheVariableAndThatTheScript) {
  const std::string path = script("#!/bin/sh\n#SBATCH -t 1\n");

  EXPECT_EQ(value(read({"sbatch", path}), "time"), "1 by " + path + " line 2");
  setenv("SBATCH_TIMELIMIT", "2", 1);
  EXPECT_EQ(value(read({"sbatch", path}), "time"), "2 by SBATCH_TIMELIMIT");
  EXPECT_EQ(value(read({"sbatch", "-t3", path}), "time"), "3 by sbatch --time");
}

TEST_F(SbatchCallTest, LinesOfOtherBatchSystemsWinInAScriptUnlessTheyAreIgnored) {
  const std::string path = script("#PBS -l walltime=7\n#SBATCH --time=9\n");

  EXPECT_EQ(value(read({"sbatch", path}), "time"), "7 by " + path + " line 1");
  EXPECT_EQ(value(read({"sbatch", "--ignore-pbs", path}), "time"), "9 by " + path + " line 2");
  setenv("SBATCH_IGNORE_PBS", "", 1);
  EXPECT_EQ(value(read({"sbatch", path}), "time"), "9 by " + path + " line 2");
}

TEST_F(SbatchCallTest, TheClusterMayStandInAVariableOfAllCommands) {
  setenv("SLURM_CLUSTERS", "other", 1);

  EXPECT_EQ(value(read({"sbatch", "--wrap=x"}), "clusters"), "other by SLURM_CLUSTERS");
}

TEST_F(SbatchCallTest, OfRequeueAndItsContraryTheStrongerSourceIsInForce) {
  const std::string path = script("#SBATCH --requeue\n");

  EXPECT_EQ(value(read({"sbatch", path}), "requeue"), "yes by " + path + " line 1");
  setenv("SBATCH_NO_REQUEUE", "", 1);
  EXPECT_EQ(value(read({"sbatch", path}), "requeue"), "no by SBATCH_NO_REQUEUE");
  EXPECT_EQ(value(read({"sbatch", "--requeue", path}), "requeue"), "yes by sbatch --requeue");
}

TEST_F(SbatchCallTest, TheScriptIsFoundInTheDirectoryOfTheJob) {
  script("#SBATCH -t 9\n");

  const auto call = read({"/opt/slurm/bin/sbatch", "--chdir=" + dir_, "job.sh", "-t1"});

  EXPECT_EQ(call.script, dir_ + "/job.sh");
  EXPECT_EQ(call.unknown, "");
  EXPECT_THAT(value(call, "time"), HasSubstr("9 by "));
}

/// What `text` read from standard input gives.
Result<SbatchCall> read_with_input(std::vector<std::string> words, const std::string& text) {
  FileDescriptor file(memfd_create("input", 0));
  EXPECT_TRUE(write_all(file.get(), text, "input"));
  EXPECT_EQ(lseek(file.get(), 0, SEEK_SET), 0);
  return read_sbatch_call(std::move(words), file.get());
}

TEST_F(SbatchCallTest, AScriptOnStandardInputIsReadAndKept) {
  const std::string text = "#!/bin/sh\n#SBATCH --time=9 --requeue\nrun\n";

  const auto call = read_with_input({"sbatch", "-J", "name"}, text);

  ASSERT_TRUE(call);
  EXPECT_EQ(call->input, text);
  EXPECT_EQ(call->unknown, "");
  EXPECT_EQ(value(*call, "time"), "9 by standard input line 2");
  EXPECT_EQ(value(*call, "requeue"), "yes by standard input line 2");
  EXPECT_TRUE(is_limit_certain(*call));
}

TEST_F(SbatchCallTest, StandardInputIsLeftAloneWhereTheScriptIsElsewhere) {
  EXPECT_FALSE(read_with_input({"sbatch", "--wrap=run"}, "#SBATCH -t 1\n")->input);
  EXPECT_FALSE(read_with_input({"sbatch", script("true\n")}, "#SBATCH -t 1\n")->input);
  EXPECT_FALSE(read_with_input({"sbatch", "--new-thing"}, "#SBATCH -t 1\n")->input);
}

TEST_F(SbatchCallTest, StandardInputWithoutEndIsGivenUp) {
  FileDescriptor zeros(open("/dev/zero", O_RDONLY));

  const auto call = read_sbatch_call({"sbatch"}, zeros.get());

  ASSERT_FALSE(call);
  EXPECT_EQ(call.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(call.error().message, HasSubstr("standard input"));
}

TEST_F(SbatchCallTest, WhatCannotBeReadIsTold) {
  EXPECT_THAT(read({"sbatch"}).unknown, HasSubstr("standard input"));
  EXPECT_THAT(read({"sbatch", dir_ + "/absent.sh"}).unknown, HasSubstr("absent.sh"));
  EXPECT_THAT(read({"sbatch", dir_}).unknown, HasSubstr(dir_));
  EXPECT_THAT(read({"sbatch", "--new-thing", "job.sh"}).unknown, HasSubstr("--new-thing"));
  EXPECT_EQ(read({"sbatch", "--wrap", "sleep 1"}).unknown, "");
}

TEST_F(SbatchCallTest, ALimitIsCertainWhereNothingUnreadCanBeStronger) {
  EXPECT_TRUE(is_limit_certain(read({"sbatch", script("#SBATCH -t 1\n")})));
  EXPECT_TRUE(is_limit_certain(read({"sbatch", "-t1"})));  // a script that is not read is weaker
  EXPECT_FALSE(is_limit_certain(read({"sbatch"})));
  EXPECT_FALSE(is_limit_certain(read({"sbatch", "-t1", "--new-thing", "-t2", "job.sh"})));
  EXPECT_FALSE(
      is_limit_certain(read({"sbatch", script("#SBATCH -t 1\n#SBATCH --new-thing -t 2\n")})));
}

TEST_F(SbatchCallTest, ComponentsAreSeenInTheWordsAndInTheScript) {
  EXPECT_TRUE(read({"sbatch", "-n1", ":", "-n2", "job.sh"}).heterogeneous);
  EXPECT_TRUE(read({"sbatch", script("#SBATCH hetjob\n")}).heterogeneous);
  EXPECT_FALSE(read({"sbatch", script("true\n"), ":", "x"}).heterogeneous);
}

TEST(SbatchCall, OtherProgramsAreRefused) {
  for (const char* const program : {"srun", "sh", "sbatch2", ""}) {
    const auto call = read_sbatch_call({program, "job.sh"});
    ASSERT_FALSE(call);
    EXPECT_EQ(call.error().code, ErrorCode::kUsage);
    EXPECT_THAT(call.error().message, HasSubstr("is not sbatch"));
  }
  EXPECT_FALSE(read_sbatch_call({}));
}

}  // namespace
}  // namespace joulery
