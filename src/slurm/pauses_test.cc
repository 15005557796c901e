// slurm: the small jobs that pause another one. What they do to a real Slurm: tests/e2e.
#include "slurm/pauses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <time.h>

#include "base/text.h"
#include "slurm/made_times.h"

namespace joulery {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

SubmitRequest request_with(std::map<std::string, SbatchOption, std::less<>> options) {
  SubmitRequest request;
  request.call.words = {"sbatch", "job.sh"};
  request.call.options = std::move(options);
  return request;
}

TEST(Pauses, TimesAreWholeSecondsInNoZoneAndNeverEarly) {
  EXPECT_EQ(slurm_time(at(1795656641)), "uts1795656641");
  EXPECT_EQ(slurm_time(at(1795656641.2)), "uts1795656642");
}

TEST(Pauses, TheWarningIsThatOfTheJobsOwnSignal) {
  const auto warning = [](const char* text) {
    return warning_of(request_with({{"signal", {text, "sbatch --signal", false}}}).call);
  };

  EXPECT_EQ(warning("USR1")->words, "--signal=USR1");
  EXPECT_EQ(warning("USR1")->lead, Seconds(60));
  EXPECT_EQ(warning("B:10@300")->words, "--batch --signal=10");
  EXPECT_EQ(warning("RB:USR2@5")->lead, Seconds(5));
  EXPECT_EQ(warning_of(request_with({}).call)->words, "");
  for (const char* const text : {"", "B:", "USR1@", "USR1@x", "USR1@-1", "USR1@99999", "a'b;c"})
    EXPECT_FALSE(warning(text)) << text;
}

TEST(Pauses, BeginBeforeThePauseByTheTimeOfTheWarning) {
  const auto request = request_with({{"signal", {"B:USR1@300", "sbatch --signal", false}}});

  const auto job = pause_job(request, {at(10000), at(20000)}, "42");

  ASSERT_TRUE(job);
  EXPECT_THAT(job->words, Contains("--begin=uts9700"));
  EXPECT_THAT(job->words, Contains("--time=10"));  // 5 min of warning, and 5 of patience
  EXPECT_THAT(job->input,
              HasSubstr("job=42\nbegin=10000\nend=20000\nwarning='--batch --signal=USR1'"));
  EXPECT_THAT(job->input, HasSubstr("from 1970-01-01T02:46:40"));
}

/// A day on which the clock of the user goes back at 01:00 UTC.
TEST(Pauses, AreTheSameWhateverTheClockOfTheUserShows) {
  const auto begin = parse_time("2026-10-25T00:30:00Z"), end = parse_time("2026-10-25T01:30:00Z");
  ASSERT_TRUE(begin && end);
  const auto written = [&](const char* zone) {
    setenv("TZ", zone, 1);
    tzset();
    auto job = pause_job(request_with({}), {*begin, *end}, "42");
    unsetenv("TZ");
    tzset();
    return *job;
  };

  const SlurmCommand there = written("Europe/Berlin"), here = written("UTC");

  EXPECT_EQ(there.words, here.words);
  EXPECT_EQ(there.input, here.input);
  EXPECT_THAT(there.input, HasSubstr("from 2026-10-25T00:30:00.000Z to 2026-10-25T01:30:00.000Z"));
  EXPECT_THAT(there.input, HasSubstr("begin=1792888200\nend=1792891800\n"));
}

TEST(Pauses, RunWhereTheJobRunsUnlessThePartitionIsChosen) {
  auto request = request_with({{"partition", {"gpu", "", false}},
                               {"account", {"x", "", false}},
                               {"gres", {"g", "", false}}});

  EXPECT_THAT(
      tidy_job(request, "42", {"43"}).words,
      AllOf(Contains("--partition=gpu"), Contains("--account=x"), Not(Contains("--gres=g"))));
  request.pause_partition = "cpu";
  EXPECT_THAT(tidy_job(request, "42", {"43"}).words,
              AllOf(Contains("--partition=cpu"), Not(Contains("--partition=gpu"))));
}

TEST(Pauses, FindSlurmBesideTheSbatchThatWasNamed) {
  auto request = request_with({});
  EXPECT_THAT(tidy_job(request, "42", {"43"}).input,
              HasSubstr("\nPATH=${PATH:+$PATH:}/usr/bin:/bin\n"));

  request.call.words[0] = "/opt/a b/bin/sbatch";

  constexpr const char* kBeside = "\nPATH='/opt/a b/bin':${PATH:+$PATH:}/usr/bin:/bin\n";
  EXPECT_THAT(tidy_job(request, "42", {"43"}).input, HasSubstr(kBeside));
  EXPECT_THAT(pause_job(request, {at(10), at(20)}, "42")->input, HasSubstr(kBeside));
}

TEST(Pauses, AreCancelledOnceTheJobHasEnded) {
  const auto job = tidy_job(request_with({}), "42", {"43", "44"});

  EXPECT_THAT(job.words, Contains("--dependency=afterany:42"));
  EXPECT_THAT(job.input, HasSubstr("\nscancel 43 44\n"));
}

}  // namespace
}  // namespace joulery
