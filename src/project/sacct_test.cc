// project: sacct's text: the rules for jobs, and bad lines.
#include <gmock/gmock.h>

#include "project/project_fixture.h"

namespace joulery::project {
namespace {

const std::string kHead = "JobID|User|Account|State|Start|End|Elapsed|AllocTRES|ConsumedEnergy\n";

std::string row(const std::string& id, const std::string& state, const std::string& start,
                const std::string& end, const std::string& elapsed, const std::string& tres,
                const std::string& energy = "") {
  return id + "|ann|nlp|" + state + "|" + start + "|" + end + "|" + elapsed + "|" + tres + "|" +
         energy + "\n";
}
const std::string kNoon = "2018-03-01T12:00:00";
const std::string kTwo = "2018-03-01T14:00:00";
const std::string kFour = "cpu=8,gres/gpu:v100=4,gres/gpu=4";

TEST(Sacct, CountsDeviceHours) {
  const ProjectAccount account =
      account_of(kHead + row("1", "COMPLETED", kNoon, kTwo, "02:00:00", kFour));
  EXPECT_EQ(account.format, "sacct");
  EXPECT_EQ(account.totals.jobs, 1u);
  EXPECT_DOUBLE_EQ(account.totals.device_hours, 8);
  EXPECT_EQ(account.device_hours, (std::vector<std::pair<std::string, double>>{{"v100", 8}}));
  EXPECT_DOUBLE_EQ(account.totals.it_energy.value->count(), 8 * 3600 * 100);
  EXPECT_DOUBLE_EQ(account.totals.it_energy.u.count(), 8 * 3600 * 10);
  EXPECT_DOUBLE_EQ(account.totals.cloud_cost.low.value->count(), 8);
  EXPECT_DOUBLE_EQ(account.totals.cloud_cost.high.value->count(), 24);
  EXPECT_EQ(group_of(account.by, {"ann", "COMPLETED", "v100"}).jobs, 1u);
}

TEST(Sacct, ColumnsMayStandInAnyOrderWithOrWithoutATrailingBar) {
  for (const std::string& text :
       {std::string("AllocTRES|Elapsed|JobID\ngres/gpu=4|02:00:00|1\n"),
        std::string("Elapsed|JobID|JobName|AllocTRES|\n02:00:00|1|train|gres/gpu=4|\n")}) {
    const ProjectAccount account = account_of(text);
    EXPECT_DOUBLE_EQ(account.totals.device_hours, 8) << text;
    EXPECT_EQ(account.device_hours.front().first, "gpu") << text;
    EXPECT_EQ(account.skipped_lines, 0u) << text;
  }
}

TEST(Sacct, StepsAreNeverCountedTwice) {
  const ProjectAccount account =
      account_of(kHead + row("1", "COMPLETED", kNoon, kTwo, "02:00:00", kFour) +
                 row("1.batch", "COMPLETED", kNoon, kTwo, "02:00:00", kFour) +
                 row("1.extern", "COMPLETED", kNoon, kTwo, "02:00:00", kFour) +
                 row("1.0", "COMPLETED", kNoon, kTwo, "01:00:00", kFour) +
                 row("2_7", "COMPLETED", kNoon, kTwo, "02:00:00", kFour) +
                 row("2_7.batch", "COMPLETED", kNoon, kTwo, "02:00:00", kFour));
  EXPECT_EQ(account.totals.jobs, 2u);
  EXPECT_DOUBLE_EQ(account.totals.device_hours, 16);
  EXPECT_EQ(account.steps, 4u);
  EXPECT_EQ(account.skipped_lines, 0u);
}

TEST(Sacct, EnergyOfTheJobElseOfItsSteps) {
  const std::string jobs = row("1", "COMPLETED", kNoon, kTwo, "02:00:00", kFour, "5M") +
                           row("1.batch", "COMPLETED", kNoon, kTwo, "02:00:00", kFour, "5M") +
                           row("2", "COMPLETED", kNoon, kTwo, "02:00:00", kFour, "0") +
                           row("2.batch", "COMPLETED", kNoon, kTwo, "02:00:00", kFour, "4M") +
                           row("2.0", "COMPLETED", kNoon, kTwo, "01:00:00", kFour, "1M") +
                           row("2.1", "COMPLETED", kNoon, kTwo, "01:00:00", kFour, "2M");
  const ProjectAccount account = account_of(kHead + jobs);
  // The batch step lasts as long as the job: its 4 MJ hold the 1 MJ and 2 MJ of the others.
  EXPECT_DOUBLE_EQ(account.totals.it_energy.value->count(), 9e6);
  EXPECT_EQ(account.totals.it_energy.evidence, Evidence::kIntegrated);
  EXPECT_NEAR(account.totals.it_energy.u.count(), 0.05 * 9e6, 1);
  EXPECT_THAT(account.includes, testing::ElementsAre("node"));
}

TEST(Sacct, WhereEnergyIsMissingThePowerOfTheDeviceCounts) {
  const ProjectAccount account =
      account_of(kHead + row("1", "COMPLETED", kNoon, kTwo, "02:00:00", kFour, "5M") +
                 row("2", "COMPLETED", kNoon, kTwo, "02:00:00", kFour, "0") +
                 row("3", "COMPLETED", kNoon, kTwo, "02:00:00", kFour, "18446744073709551614"));
  EXPECT_DOUBLE_EQ(account.totals.it_energy.value->count(), 5e6 + 2 * 8 * 3600 * 100);
  EXPECT_EQ(account.totals.it_energy.evidence, Evidence::kConstant);
}

TEST(Sacct, ElapsedWinsAcrossDaylightSaving) {
  // Central Europe, 2018-03-25: 02:00 became 03:00; 2018-10-28: 03:00 became 02:00.
  const ProjectAccount account = account_of(
      kHead +
      row("1", "COMPLETED", "2018-03-25T01:00:00", "2018-03-25T05:00:00", "03:00:00", kFour) +
      row("2", "COMPLETED", "2018-10-28T01:00:00", "2018-10-28T05:00:00", "05:00:00", kFour) +
      row("3", "COMPLETED", kNoon, kTwo, "01:30:00", kFour));
  EXPECT_DOUBLE_EQ(account.totals.device_hours, 4 * (3 + 5 + 1.5));
  EXPECT_EQ(count_of(account.notes, "daylight saving"), 2u);
  EXPECT_EQ(count_of(account.notes, "suspended?"), 1u);
}

TEST(Sacct, AnEndBeforeTheBeginIsNoLengthUnlessElapsedSaysOne) {
  // 02:30 to 02:10 of the night that has an hour twice: 40 minutes.
  const std::string both =
      row("1", "COMPLETED", "2018-10-28T02:30:00", "2018-10-28T02:10:00", "00:40:00", kFour) +
      row("2", "COMPLETED", "2018-10-28T02:30:00", "2018-10-28T02:10:00", "", kFour);
  const ProjectAccount account = account_of(kHead + both);
  EXPECT_EQ(account.totals.jobs, 1u);
  EXPECT_NEAR(account.totals.device_hours, 4 * 40 / 60.0, 1e-9);
  ASSERT_EQ(account.skipped.size(), 1u);
  EXPECT_EQ(account.skipped[0].line, 3u);
  EXPECT_EQ(account.skipped[0].why, "ends before it begins");
}

TEST(Sacct, JobsThatStillRunCountUpToWhatIsKnown) {
  const std::string jobs = row("1", "RUNNING", kNoon, "Unknown", "", kFour) +
                           row("2", "RUNNING", kNoon, "Unknown", "01:00:00", kFour) +
                           row("3", "COMPLETED", kNoon, kTwo, "02:00:00", kFour);
  const ProjectAccount account = account_of(kHead + jobs);
  EXPECT_DOUBLE_EQ(account.totals.device_hours, 4 * (2 + 1 + 2));
  EXPECT_EQ(count_of(account.notes, "up to the log's last stamp"), 1u);
  EXPECT_EQ(count_of(account.notes, "up to when the log was written"), 1u);

  JobLogOptions options;
  options.now = WallTime(Micros(1'519'920'000'000'000));  // 16:00 of that day
  EXPECT_DOUBLE_EQ(account_of(kHead + jobs, options).totals.device_hours, 4 * (4 + 1 + 2));
}

TEST(Sacct, JobsThatNeverStartedAreSkippedAndTold) {
  const ProjectAccount account =
      account_of(kHead + row("1", "PENDING", "Unknown", "Unknown", "00:00:00", "") +
                 row("2", "CANCELLED by 1000", "None", kTwo, "00:00:00", "") +
                 row("3", "COMPLETED", kNoon, kTwo, "02:00:00", kFour));
  EXPECT_EQ(account.totals.jobs, 1u);
  EXPECT_EQ(count_of(account.skipped_why, "never started"), 2u);
}

TEST(Sacct, RequeuedAttemptsCountEachAndTheSameLineOnce) {
  const ProjectAccount account = account_of(
      kHead + row("1", "NODE_FAIL", kNoon, kTwo, "02:00:00", kFour) +
      row("1", "COMPLETED", "2018-03-02T00:00:00", "2018-03-02T01:00:00", "01:00:00", kFour) +
      row("1", "COMPLETED", "2018-03-02T00:00:00", "2018-03-02T01:00:00", "01:00:00", kFour));
  EXPECT_EQ(account.totals.jobs, 2u);
  EXPECT_DOUBLE_EQ(account.totals.device_hours, 4 * 3);
  EXPECT_EQ(count_of(account.notes, "further attempts"), 1u);
  ASSERT_EQ(account.skipped.size(), 1u);
  EXPECT_EQ(account.skipped[0].line, 4u);
  EXPECT_DOUBLE_EQ(account.failed.device_hours, 4 * 2);
}

TEST(Sacct, ALaterLineOfARunningJobReplacesTheEarlierOne) {
  const ProjectAccount account =
      account_of(kHead + row("1", "RUNNING", kNoon, "Unknown", "01:00:00", kFour) +
                 row("1", "COMPLETED", kNoon, kTwo, "02:00:00", kFour) +
                 row("1", "RUNNING", kNoon, "Unknown", "01:00:00", kFour));
  EXPECT_EQ(account.totals.jobs, 1u);
  EXPECT_DOUBLE_EQ(account.totals.device_hours, 8);
  EXPECT_EQ(group_of(account.by, {"ann", "COMPLETED", "v100"}).jobs, 1u);
  EXPECT_EQ(account.skipped_lines, 2u);
}

TEST(Sacct, ArrayTasksAndPartsOfHeterogeneousJobsAreJobs) {
  const ProjectAccount account =
      account_of(kHead + row("1_1", "COMPLETED", kNoon, kTwo, "02:00:00", kFour) +
                 row("1_2", "COMPLETED", kNoon, kTwo, "02:00:00", kFour) +
                 row("9+0", "COMPLETED", kNoon, kTwo, "02:00:00", kFour) +
                 row("9+1", "COMPLETED", kNoon, kTwo, "02:00:00", kFour) +
                 row("1_[3-9]", "PENDING", "Unknown", "Unknown", "00:00:00", ""));
  EXPECT_EQ(account.totals.jobs, 4u);
}

TEST(Sacct, SeveralKindsInOneJobCountWithEach) {
  const ProjectAccount account =
      account_of(kHead + row("1", "COMPLETED", kNoon, kTwo, "02:00:00",
                             "gres/gpu:a100=2,gres/gpu:v100=1,gres/gpu=3", "3M"));
  const JobGrouping& devices = single_of(account, "device");
  EXPECT_DOUBLE_EQ(group_of(devices, {"a100"}).device_hours, 4);
  EXPECT_DOUBLE_EQ(group_of(devices, {"v100"}).device_hours, 2);
  EXPECT_DOUBLE_EQ(group_of(devices, {"a100"}).it_energy.value->count(), 2e6);
  EXPECT_EQ(account.totals.jobs, 1u);
}

TEST(Sacct, OneKindUnderTwoNamesIsOne) {
  JobLogOptions options;
  options.device = "V100";
  const ProjectAccount account = account_of(kHead + row("1", "COMPLETED", kNoon, kTwo, "02:00:00",
                                                        "gres/gpu:v100=3,gres/gpu:=1,gres/gpu=5"),
                                            options);
  EXPECT_DOUBLE_EQ(account.totals.device_hours, 10);
  EXPECT_DOUBLE_EQ(group_of(single_of(account, "device"), {"v100"}).device_hours, 10);
}

TEST(Sacct, JobsWithoutAnyDeviceCostNobodyKnowsWhat) {
  const ProjectAccount account =
      account_of(kHead + row("1", "COMPLETED", kNoon, kTwo, "02:00:00", kFour) +
                 row("2", "FAILED", kNoon, kTwo, "02:00:00", ""));
  EXPECT_EQ(account.failed.jobs, 1u);
  EXPECT_FALSE(account.failed.cloud_cost.low);
  EXPECT_DOUBLE_EQ(account.totals.it_energy.coverage, 0.8);  // 8 hours of 8 and at least 2
}

TEST(Sacct, JobsWithoutAcceleratorsHoldCores) {
  const ProjectAccount account =
      account_of(kHead + row("1", "COMPLETED", kNoon, kTwo, "02:00:00", "cpu=16,mem=4G") +
                 row("2", "COMPLETED", kNoon, kTwo, "02:00:00", kFour));
  EXPECT_DOUBLE_EQ(account.totals.device_hours, 8);  // an hour of a core is none of a board
  EXPECT_DOUBLE_EQ(account.totals.cpu_hours, 32);
  const JobTotals user = group_of(single_of(account, "user"), {account.by.groups[0].key[0]});
  EXPECT_DOUBLE_EQ(user.device_hours, 8);
  EXPECT_DOUBLE_EQ(user.cpu_hours, 32);
  EXPECT_DOUBLE_EQ(group_of(single_of(account, "device"), {"cpu"}).device_hours, 32);
  EXPECT_THAT(account.totals.excludes, testing::Contains("cpu"));
  EXPECT_DOUBLE_EQ(account.totals.it_energy.coverage, 0.2);
  EXPECT_DOUBLE_EQ(account.totals.cloud_cost.low.value->count(), 8);
  EXPECT_THAT(account.totals.cost_excludes, testing::ElementsAre("cpu"));
  EXPECT_DOUBLE_EQ(account.in_use->peak, 4);
}

TEST(Sacct, JobsOfZeroLengthAreJobs) {
  const ProjectAccount account =
      account_of(kHead + row("1", "FAILED", kNoon, kNoon, "00:00:00", kFour) +
                 row("2", "COMPLETED", kNoon, kTwo, "02:00:00", kFour));
  EXPECT_EQ(account.totals.jobs, 2u);
  EXPECT_EQ(*account.shortest, Seconds(0));
  EXPECT_EQ(*account.longest, Seconds(7200));
  EXPECT_EQ(count_of(account.notes, "zero length"), 1u);
}

TEST(Sacct, TagsOfACommentAreColumns) {
  JobLogOptions options;
  options.by = {"stage", "lr"};
  const ProjectAccount account = account_of(
      "JobID|Elapsed|AllocTRES|Comment\n"
      "1|01:00:00|gres/gpu=1|stage=tuning,search=s1,lr=0.1\n"
      "2|01:00:00|gres/gpu=1|stage=final;lr=0.2\n"
      "3|01:00:00|gres/gpu=1|nothing here\n",
      options);
  EXPECT_DOUBLE_EQ(group_of(account.by, {"tuning", "0.1"}).device_hours, 1);
  EXPECT_DOUBLE_EQ(group_of(account.by, {"final", "0.2"}).device_hours, 1);
  EXPECT_DOUBLE_EQ(group_of(account.by, {"", ""}).device_hours, 1);
}

TEST(Sacct, MonthsShareAJobByItsTime) {
  const ProjectAccount account =
      account_of(kHead + row("1", "COMPLETED", "2018-03-31T12:00:00", "2018-04-02T00:00:00",
                             "1-12:00:00", "gres/gpu=1"));
  const JobGrouping& months = single_of(account, "month");
  EXPECT_DOUBLE_EQ(group_of(months, {"2018-03"}).device_hours, 12);
  EXPECT_DOUBLE_EQ(group_of(months, {"2018-04"}).device_hours, 24);
  EXPECT_EQ(group_of(months, {"2018-03"}).jobs, 1u);
  EXPECT_EQ(group_of(months, {"2018-04"}).jobs, 0u);
}

TEST(Sacct, BadLinesAreSkippedEachWithItsReason) {
  const ProjectAccount account = account_of(
      kHead + row("1", "COMPLETED", kNoon, kTwo, "02:00:00", kFour) + "2|ann|nlp\n" +
      row("3", "COMPLETED", "never", kTwo, "02:00:00", kFour) +
      row("4", "COMPLETED", kNoon, kTwo, "soon", kFour) +
      row("5", "COMPLETED", kNoon, kTwo, "-02:00:00", kFour) +
      row("6", "COMPLETED", kNoon, kTwo, "02:00:00", "gres/gpu=x") +
      row("7", "COMPLETED", kNoon, kTwo, "02:00:00|x", kFour) + kHead + std::string("8|\0|\n", 5));
  EXPECT_EQ(account.totals.jobs, 1u);
  ASSERT_EQ(account.skipped.size(), 8u);
  const std::vector<std::string> whys = {
      "fewer fields than the heading: 2|ann|nlp", "its start is no time: never",
      "its elapsed time is none: soon", "its elapsed time is none: -02:00:00",
      "its devices are no count: gres/gpu=x"};
  for (std::size_t i = 0; i < whys.size(); ++i) {
    EXPECT_EQ(account.skipped[i].line, i + 3);
    EXPECT_EQ(account.skipped[i].why, whys[i]);
  }
  EXPECT_THAT(account.skipped[5].why, testing::HasSubstr("more fields"));
  EXPECT_THAT(account.skipped[6].why, testing::HasSubstr("a heading again"));
  EXPECT_THAT(account.skipped[7].why, testing::HasSubstr("NUL"));
}

TEST(Sacct, AnInputWithoutEndIsRefusedAtABound) {
  const LogBounds bounds = {.bytes = 1 << 20, .lines = 1000};
  const auto refusal = [&](const std::string& text) {
    std::istringstream in(text);
    const auto log = read_jobs(in, "log", {}, bounds);
    return log ? "" : log.error().message;
  };
  const std::string job = row("1", "COMPLETED", kNoon, kTwo, "02:00:00", kFour);
  std::string lines = kHead;
  for (int i = 0; i < 998; ++i) lines += job;
  EXPECT_EQ(refusal(lines + job), "") << "a thousand";

  const std::string told = "log: more than 1 MiB or 1000 lines: no job log is as long";
  EXPECT_THAT(refusal(lines + job + job), testing::StartsWith(told));
  const std::string one_line(2 << 20, 'x'), zeros(2 << 20, '\0');
  for (const std::string& text : {one_line, zeros, kHead + one_line, kHead + job + zeros})
    EXPECT_THAT(refusal(text), testing::StartsWith(told));
  const std::string swf = "1 0 0 10 4 -1 -1 4 10 -1 1 1 1 1 1 1 -1 -1\n";
  std::string archive;
  for (int i = 0; i < 1001; ++i) archive += swf;
  EXPECT_THAT(refusal(archive), testing::StartsWith(told));
}

TEST(Sacct, SkippedLinesAreCountedBeyondThoseListed) {
  std::string text = kHead + row("1", "COMPLETED", kNoon, kTwo, "02:00:00", kFour);
  for (std::size_t i = 0; i < Remarks::kMostListed + 10; ++i) text += "x\n";
  const ProjectAccount account = account_of(text);
  EXPECT_EQ(account.skipped.size(), Remarks::kMostListed);
  EXPECT_EQ(account.skipped_lines, Remarks::kMostListed + 10);
}

}  // namespace
}  // namespace joulery::project
