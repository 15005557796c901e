// project: CSV logs and the Standard Workload Format.
#include <gmock/gmock.h>

#include "project/project_fixture.h"

namespace joulery::project {
namespace {

TEST(CsvLog, OfOwnColumnsNeedsLengthAndDevices) {
  JobLogOptions options;
  options.by = {"search", "device"};
  const ProjectAccount account = account_of(
      "id,user,device,gpus,start,hours,search,energy_kwh\n"
      "a,ann,V100,2,2018-03-01T00:00:00Z,1.5,s1,\n"
      "b,\"bob, jr\",K80,1,2018-03-02T00:00:00Z,2,s1,0.5\n",
      options);
  EXPECT_EQ(account.format, "csv");
  EXPECT_DOUBLE_EQ(group_of(account.by, {"s1", "V100"}).device_hours, 3);
  EXPECT_DOUBLE_EQ(group_of(account.by, {"s1", "K80"}).it_energy.value->count(), 1.8e6);
  EXPECT_EQ(group_of(single_of(account, "user"), {"bob, jr"}).jobs, 1u);
}

TEST(CsvLog, OtherSeparatorsMarksAndLineEnds) {
  for (const std::string& text : {std::string("\xEF\xBB\xBFid;gpus;hours\r\n1;2;3\r\n"),
                                  std::string("# made by hand\nid\tgpus\thours\n1\t2\t3"),
                                  std::string("id,gpus,hours\r1,2,3\r"),
                                  std::string("\xFF\xFEi\0d\0,\0g\0p\0u\0s\0,\0h\0o\0u\0r\0s\0\n\0"
                                              "1\0,\0002\0,\0003\0\n\0",
                                              42)}) {
    EXPECT_DOUBLE_EQ(account_of(text).totals.device_hours, 6) << testing::PrintToString(text);
  }
}

TEST(CsvLog, FractionsOfADeviceCount) {
  const ProjectAccount account = account_of(
      "name,cpu_milli,num_gpu,gpu_milli,gpu_spec,pod_phase,creation_time,deletion_time,"
      "scheduled_time\n"
      "p0,6000,1,460,,Running,0,3600,0\n"
      "p1,6000,2,1000,V100M16|V100M32,Failed,100,7300,100\n"
      "p2,8000,0,0,,Succeeded,100,3700,100\n"
      "p3,8000,1,1000,,Pending,100,3700,\n");
  EXPECT_EQ(account.totals.jobs, 3u);
  const JobGrouping& devices = single_of(account, "device");
  EXPECT_DOUBLE_EQ(group_of(devices, {"gpu"}).device_hours, 0.46);
  EXPECT_DOUBLE_EQ(group_of(devices, {"V100M16|V100M32"}).device_hours, 4);
  EXPECT_DOUBLE_EQ(group_of(devices, {"cpu"}).device_hours, 8);
  EXPECT_DOUBLE_EQ(account.failed.device_hours, 4);
  ASSERT_EQ(account.skipped.size(), 1u);
  EXPECT_EQ(account.skipped[0].line, 5u);
  EXPECT_EQ(account.skipped[0].why, "never started");
}

TEST(CsvLog, TheDeviceOfJobsThatNameNoneCanBeGiven) {
  JobLogOptions options;
  options.device = "T4";
  EXPECT_EQ(account_of("id,hours\n1,2\n", options).device_hours,
            (std::vector<std::pair<std::string, double>>{{"T4", 2}}));
  EXPECT_EQ(account_of("id,hours,gpus\n1,2,3\n", options).device_hours,
            (std::vector<std::pair<std::string, double>>{{"T4", 6}}));
}

TEST(CsvLog, HeadingsThatCannotBeReadAreRefused) {
  struct Case {
    const char *text, *told;
  };
  for (const auto& [text, told] :
       {Case{"", "no heading"}, Case{"id,gpus\n1,2\n", "no column tells how long jobs took"},
        Case{"id,hours\n1,2\n", "no column tells devices"},
        Case{"id,gpus,hours,gpus\n", "columns 2 and 4 are both called gpus"},
        Case{"id,gpus,hours\n1,2\n", "no job that can be counted: 1 of line 2: fewer fields"}}) {
    const auto log = try_log(text);
    Error error;
    if (!log)
      error = log.error();
    else if (const auto account = account_project(*log, {}); !account)
      error = account.error();
    EXPECT_EQ(error.code, ErrorCode::kInvalid) << text;
    EXPECT_THAT(error.message, testing::HasSubstr(told));
  }
}

TEST(CsvLog, AColumnThatIsNotThereIsAMistakeOfTheCommandLine) {
  JobLogOptions options;
  options.by = {"serch"};
  const auto log = try_log("id,hours,gpus,search\n1,2,3,s\n", options);
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code, ErrorCode::kUsage);
  EXPECT_THAT(log.error().message, testing::HasSubstr("it has search"));
  options = {};
  options.format = "xml";
  EXPECT_EQ(try_log("id,hours,gpus\n1,2,3\n", options).error().code, ErrorCode::kUsage);
}

TEST(CsvLog, NegativeAndAbsurdNumbersAreSkipped) {
  const ProjectAccount account = account_of(
      "id,hours,gpus\n1,2,3\n2,-2,3\n3,2,-3\n4,1e9,3\n5,2,1e9\n6,nan,3\n7,2,x\n8,2,inf\n");
  EXPECT_EQ(account.totals.jobs, 1u);
  EXPECT_EQ(account.skipped_lines, 7u);
  EXPECT_EQ(account.skipped[0].why, "its elapsed time is negative");
  EXPECT_EQ(account.skipped[1].why, "its devices are no count: -3");
}

TEST(CsvLog, TimesOfTwoClocksAreNotMixed) {
  const ProjectAccount account =
      account_of("id,start,end,gpus\n1,100,3700,1\n2,2018-03-01T00:00:00,2018-03-01T01:00:00,1\n");
  EXPECT_EQ(account.totals.jobs, 1u);
  EXPECT_EQ(account.skipped_lines, 1u);
}

TEST(CsvLog, BaselineAndProposedAreComparedWithTheirTuning) {
  const ProjectAccount account = account_of(
      "id,hours,gpus,role,stage\n"
      "1,10,1,baseline,tuning\n2,20,1,baseline,final\n3,70,1,proposed,tuning\n4,30,1,proposed,"
      "final\n5,5,1,,evaluation\n");
  ASSERT_TRUE(account.roles);
  ASSERT_EQ(account.roles->sides.size(), 2u);
  EXPECT_DOUBLE_EQ(account.roles->sides[0].tuning.device_hours, 10);
  EXPECT_DOUBLE_EQ(account.roles->sides[1].tuning.device_hours, 70);
  EXPECT_DOUBLE_EQ(account.roles->sides[1].all.device_hours, 100);
  EXPECT_DOUBLE_EQ(group_of(single_of(account, "stage"), {"evaluation"}).device_hours, 5);
}

TEST(CsvLog, DevicesInUseOverTime) {
  const ProjectAccount account = account_of(
      "id,start,end,gpus\n"
      "1,2018-03-01T00:00:00,2018-03-02T00:00:00,2\n"
      "2,2018-03-01T12:00:00,2018-03-02T12:00:00,4\n"
      "3,2018-03-02T12:00:00,2018-03-03T00:00:00,1\n");
  ASSERT_TRUE(account.in_use);
  EXPECT_DOUBLE_EQ(account.in_use->peak, 6);
  EXPECT_EQ(account.in_use->peak_at, "2018-03-01T12:00:00.000Z");
  EXPECT_DOUBLE_EQ(account.in_use->mean, (48 + 96 + 12) / 48.0);
  ASSERT_EQ(account.in_use->days.size(), 2u);
  EXPECT_EQ(account.in_use->days[0].day, "2018-03-01");
  EXPECT_DOUBLE_EQ(account.in_use->days[0].mean, 2 + 4 / 2.0);
  EXPECT_DOUBLE_EQ(account.in_use->days[1].mean, 4 / 2.0 + 1 / 2.0);
  EXPECT_DOUBLE_EQ(account.in_use->days[1].peak, 4);
}

const std::string kSwf =
    "; Version: 2.2\n; UnixStartTime: 749458803\n"
    "  1  0     -1  1451  128  -1 -1  -1 -1 -1 -1   1   1  -1 -1 -1 -1 -1\n"
    "  2  1460  40  3600   -1  -1 -1  64 -1 -1  1   1   1  -1 -1 -1 -1 -1\n"
    "  3  5198  -1    -1  128  -1 -1  -1 -1 -1  0   2   1  -1 -1 -1 -1 -1\n"
    "  4  5198   0   100   -1  -1 -1  -1 -1 -1  0   2   1  -1 -1 -1 -1 -1\n"
    "  5  5198   0    10    2  -1 -1  -1 -1 -1  2   2   1  -1 -1 -1 -1 -1\n"
    "  6  5198   0  7200    2  -1 -1  -1 -1 -1  5   2   1  -1 -1 -1 -1 -1\n"
    "  7  5198   0  7200    2\n";

TEST(Swf, MinusOneIsNotKnown) {
  const ProjectAccount account = account_of(kSwf);
  EXPECT_EQ(account.format, "swf");
  EXPECT_EQ(account.totals.jobs, 3u);
  EXPECT_NEAR(account.totals.device_hours, 128 * 1451 / 3600.0 + 64 + 4, 1e-9);
  EXPECT_EQ(account.device_hours.front().first, "cpu");
  EXPECT_DOUBLE_EQ(account.failed.device_hours, 4);
  EXPECT_EQ(count_of(account.notes, "its wait is not known"), 1u);
  EXPECT_EQ(count_of(account.notes, "as asked for"), 1u);
  ASSERT_EQ(account.skipped.size(), 4u);
  EXPECT_EQ(account.skipped[0].why, "its run time is not known (-1)");
  EXPECT_EQ(account.skipped[1].why, "its processors are not known");
  EXPECT_THAT(account.skipped[2].why, testing::HasSubstr("a part of a job"));
  EXPECT_THAT(account.skipped[3].why, testing::HasSubstr("fewer than 18 numbers"));
  EXPECT_EQ(account.skipped[3].line, 9u);
  EXPECT_EQ(account.in_use->begin, "1993-10-01T07:00:03.000Z");
}

TEST(Swf, ColumnsAreUserGroupQueueAndTheLike) {
  JobLogOptions options;
  options.by = {"user", "queue"};
  EXPECT_EQ(group_of(account_of(kSwf, options).by, {"1", ""}).jobs, 2u);
  options.by = {"colour"};
  EXPECT_FALSE(try_log(kSwf, options));
}

}  // namespace
}  // namespace joulery::project
