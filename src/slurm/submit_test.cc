// slurm: what is refused, what is added to sbatch's words, and what becomes of a pause that fails.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/file.h"
#include "joulery/slurm.h"
#include "slurm/made_times.h"

namespace joulery {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

SbatchCall call_of(std::vector<std::string> words) {
  words.insert(words.begin(), "sbatch");
  words.insert(words.end(), {"--wrap", "true"});
  auto call = read_sbatch_call(std::move(words));
  return call ? *call : SbatchCall{};
}

SubmitRequest request_of(std::vector<std::string> words) {
  SubmitRequest request;
  request.call = call_of(std::move(words));
  request.begin = at(1000);
  request.end = at(1600);
  return request;
}

std::string refusal(std::vector<std::string> words, bool interruptible) {
  const auto done = check_submit(call_of(std::move(words)), interruptible);
  return done ? "" : done.error().message;
}

TEST(Submit, RefusesWhatThePlanHasToKnow) {
  EXPECT_THAT(refusal({"-b", "noon"}, false), HasSubstr("sbatch --begin: the plan chooses"));
  EXPECT_THAT(refusal({"--dead=noon"}, false), HasSubstr("sbatch --deadline: "));
  EXPECT_EQ(refusal({"--array=1-9", "--wait", "-M", "x", "-Q"}, false), "");
}

TEST(Submit, PausesOnlyAJobThatSaysItMayBeStartedAnew) {
  EXPECT_THAT(refusal({}, true), HasSubstr("say by sbatch --requeue"));
  EXPECT_THAT(refusal({"--no-requeue"}, true), HasSubstr("(sbatch --no-requeue says"));
  EXPECT_EQ(refusal({"--requeue"}, true), "");
  for (const char* const option :
       {"--array=1-9", "--clusters=x", "-Q", "--test-only", "--uid=x", "-W"})
    EXPECT_THAT(refusal({"--requeue", option}, true), HasSubstr("with --interruptible: "));
}

TEST(Submit, AddsTheBeginBeforeWhatTheUserGave) {
  const auto all = submit_commands(request_of({"--time=10", "-n4"}));

  ASSERT_TRUE(all);
  ASSERT_EQ(all->commands.size(), 1U);
  EXPECT_THAT(all->commands[0].words,
              ElementsAre("sbatch", "--begin=uts1000", "--time=10", "-n4", "--wrap", "true"));
  EXPECT_THAT(all->notes, IsEmpty());
}

TEST(Submit, HandsOverADeadlineThatTheTimeLimitMeets) {
  auto request = request_of({"--time=10"});

  request.deadline = at(1600) + Micros(1);
  EXPECT_EQ(submit_commands(request)->commands[0].words[2], "--deadline=uts1600");

  // Slurm would take a sooner one, and remove the job when its begin comes.
  request.deadline = at(1600) - Micros(1);
  const auto sooner = submit_commands(request);
  EXPECT_EQ(sooner->commands[0].words[2], "--time=10");
  EXPECT_THAT(sooner->notes, ElementsAre(HasSubstr("the time limit, 10 min 0 s, ends after it")));
}

TEST(Submit, HandsOverNoDeadlineWithoutATimeLimit) {
  auto request = request_of({});
  request.deadline = at(9000);

  const auto all = submit_commands(request);

  EXPECT_EQ(all->commands[0].words[2], "--wrap");
  EXPECT_THAT(all->notes, ElementsAre(HasSubstr("sbatch --time")));
}

TEST(Submit, TellsWhatItCouldNotSeeAndWhereThePlanIs) {
  auto request = request_of({});
  request.place = "FRA";
  request.call.unknown = "the script comes from standard input";

  EXPECT_THAT(submit_commands(request)->notes,
              ElementsAre(HasSubstr("the plan is of FRA"), HasSubstr("standard input")));
}

TEST(Submit, RefusesATimeLimitThatEndsTheJobBeforeItsPlan) {
  auto request = request_of({"--time=9"});
  EXPECT_THAT(submit_commands(request).error().message,
              HasSubstr("sbatch --time: Slurm would end the job after 9 min"));

  // A limit holds for each run between two pauses.
  request.pauses = {{at(1300), at(1301)}};
  EXPECT_TRUE(submit_commands(request));
}

TEST(Submit, ShowsTheJobsThatPauseInOrder) {
  auto request = request_of({"--requeue"});
  request.pauses = {{at(1100), at(1200)}, {at(1300), at(1400)}};

  const auto all = submit_commands(request);

  ASSERT_TRUE(all);
  ASSERT_EQ(all->commands.size(), 4U);
  EXPECT_THAT(all->commands[2].input, HasSubstr("job=JOB\nbegin=1300\nend=1400\n"));
  EXPECT_THAT(all->commands[3].input, HasSubstr("scancel PAUSE1 PAUSE2"));
}

/// Programs that stand for Slurm's: they write down how they are called.
class FakeSlurm : public testing::Test {
 protected:
  void SetUp() override {
    std::string path = testing::TempDir() + "joulery-slurm-XXXXXX";
    ASSERT_NE(mkdtemp(path.data()), nullptr);
    dir_ = path;
    write("scancel", "echo scancel \"$@\" >> " + dir_ + "/log");
  }
  void TearDown() override { std::filesystem::remove_all(dir_); }
  void write(const std::string& name, const std::string& body) {
    ASSERT_TRUE(save_file(dir_ + "/" + name, "#!/bin/sh\n" + body + "\n"));
    ASSERT_EQ(chmod((dir_ + "/" + name).c_str(), 0755), 0);
  }
  std::string log() { return load_file(dir_ + "/log", 1 << 20).value_or(""); }
  SubmitRequest request() {
    auto call = read_sbatch_call({dir_ + "/sbatch", "--requeue", "--parsable", "--wrap", "true"});
    return {.call = *call,
            .begin = at(1000),
            .end = at(1600),
            .deadline = {},
            .pauses = {{at(1100), at(1200)}},
            .pause_partition = ""};
  }
  Result<Submitted> submit(const SubmitRequest& request) {
    testing::internal::CaptureStdout();
    auto done = submit_job(request);
    seen_ = testing::internal::GetCapturedStdout();
    return done;
  }
  std::string dir_, seen_;
};

TEST_F(FakeSlurm, PassesOnOutputAndStatusOfSbatch) {
  write("sbatch", "echo 'sbatch: error: no' >&2; echo x; exit 9");

  const auto done = submit(request());

  ASSERT_TRUE(done);
  EXPECT_EQ(done->exit_status, 9);
  EXPECT_EQ(done->job, "");
  EXPECT_EQ(seen_, "x\n");
  EXPECT_THAT(done->pause_jobs, IsEmpty());
}

TEST_F(FakeSlurm, TellsTheNumbersOfAllJobs) {
  write("sbatch", "echo a site says hello; n=$(cat " + dir_ +
                      "/n 2>/dev/null || echo 41); n=$((n + 1)); echo $n > " + dir_ +
                      "/n; echo \"$n;here\"");

  const auto done = submit(request());

  ASSERT_TRUE(done);
  EXPECT_EQ(done->job, "42");
  EXPECT_THAT(done->pause_jobs, ElementsAre("43"));
  EXPECT_EQ(done->tidy_job, "44");
  EXPECT_EQ(log(), "");
}

TEST_F(FakeSlurm, CancelsTheJobWhereItCannotBePaused) {
  write("sbatch",
        "case \"$*\" in *joulery-tidy*) echo no more jobs >&2; exit 1;; *pause*) echo 43;; *) echo "
        "42;; esac");

  const auto done = submit(request());

  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message,
              HasSubstr("Slurm took no job that pauses: no more jobs; job 42 was cancelled again"));
  EXPECT_EQ(log(), "scancel 42 43\n");
}

TEST(ShellWords, AreQuotedWhereAShellWouldTakeThemApart) {
  EXPECT_EQ(shell_words({"sbatch", "--wrap", "a 'b' $c", "", "x;y", "--o=%j.out"}),
            "sbatch --wrap 'a '\\''b'\\'' $c' '' 'x;y' --o=%j.out");
}

}  // namespace
}  // namespace joulery
