// project: when jobs were handed in, for those who would start them at another time.
#include <gtest/gtest.h>

#include "project/project_fixture.h"

namespace joulery::project {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

JobLog log_with_submit(const std::string& text) {
  JobLogOptions options;
  options.keep_submit = true;
  return log_of(text, options);
}

TEST(SubmitTimes, AreKeptBesideTheStartOnlyWhereAskedFor) {
  const std::string text = "creation_time,scheduled_time,deletion_time,num_gpu\n100,160,400,1\n";
  const JobLog kept = log_with_submit(text);
  ASSERT_EQ(kept.data().submit_us.size(), 1u);
  EXPECT_EQ(kept.data().submit_us[0], 100 * kSecond);
  EXPECT_EQ(kept.data().jobs[0].start_us, 160 * kSecond);
  EXPECT_TRUE(log_of(text).data().submit_us.empty());
}

TEST(SubmitTimes, AreTheStartWhereTheLogTellsNoneOrALaterOne) {
  const JobLog log = log_with_submit(
      "submit,start,length,gpus\n"
      "2022-01-01T00:00:00Z,2022-01-01T01:00:00Z,60,1\n"
      ",2022-01-01T02:00:00Z,60,1\n"
      "2022-01-01T09:00:00Z,2022-01-01T03:00:00Z,60,1\n"
      "12345,2022-01-01T04:00:00Z,60,1\n");
  const LogData& data = log.data();
  ASSERT_EQ(data.submit_us.size(), 4u);
  EXPECT_EQ(data.jobs[0].start_us - data.submit_us[0], 3600 * kSecond);
  for (std::size_t i = 1; i < 4; ++i) EXPECT_EQ(data.submit_us[i], data.jobs[i].start_us) << i;
}

TEST(SubmitTimes, AreThoseOfTheSameJobAfterALineThatReplacedAnother) {
  const JobLog log = log_with_submit(
      "id,submit,start,length,gpus\n"
      "1,10,20,60,1\n"
      "2,11,30,60,1\n"
      "1,10,20,90,1\n");
  ASSERT_EQ(log.jobs(), 2u);
  ASSERT_EQ(log.data().submit_us.size(), 2u);
  EXPECT_EQ(log.data().submit_us[1], 11 * kSecond);
}

TEST(SubmitTimes, OfTheStandardWorkloadFormatAreBeforeTheWait) {
  const JobLog log = log_with_submit(
      "1 100 50 60 4 -1 -1 4 -1 -1 1 1 1 -1 -1 -1 -1 -1\n"
      "2 200 -1 60 4 -1 -1 4 -1 -1 1 1 1 -1 -1 -1 -1 -1\n");
  ASSERT_EQ(log.data().submit_us.size(), 2u);
  EXPECT_EQ(log.data().submit_us[0], 100 * kSecond);
  EXPECT_EQ(log.data().jobs[0].start_us, 150 * kSecond);
  EXPECT_EQ(log.data().submit_us[1], 200 * kSecond);
}

TEST(SubmitTimes, OfSacctJson) {
  const JobLog log = log_with_submit(
      R"({"jobs": [{"job_id": 7, "time": {"submission": 1700000000, "start": 1700000060,
          "end": 1700000120, "elapsed": 60},
          "tres": {"allocated": [{"type": "cpu", "name": null, "count": 8}]}}]})");
  ASSERT_EQ(log.data().submit_us.size(), 1u);
  EXPECT_EQ(log.data().jobs[0].start_us - log.data().submit_us[0], 60 * kSecond);
}

}  // namespace
}  // namespace joulery::project
