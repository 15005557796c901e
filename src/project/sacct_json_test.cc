// project: `sacct --json`, of old and new versions, and broken.
#include <gmock/gmock.h>

#include <algorithm>
#include <streambuf>
#include <utility>

#include "project/project_fixture.h"

namespace joulery::project {
namespace {

std::string job(const std::string& id, const std::string& extra) {
  return R"({"account":"nlp","user":"ann","partition":"gpu","job_id":)" + id +
         R"(,"comment":{"job":"stage=tuning","administrator":""},)" + extra +
         R"("tres":{"requested":[{"type":"gres","name":"gpu","count":9}],"allocated":[)"
         R"({"type":"cpu","name":"","id":1,"count":8},{"type":"energy","name":"","count":18446744073709551614},)"
         R"({"type":"gres","name":"gpu:a100","count":4},{"type":"gres","name":"gpu","count":4}]}})";
}
std::string document(const std::string& jobs) {
  return R"({"meta":{"plugin":{"type":"openapi"}},"jobs":[)" + jobs + R"(],"errors":[]})";
}
const std::string kOld =
    R"("state":{"current":"COMPLETED"},"time":{"start":1519905600,"end":1519912800,"elapsed":7200},)";
const std::string kNew =
    R"("state":{"current":["FAILED"],"reason":"None"},"array":{"job_id":9,"task_id":{"set":true,"infinite":false,"number":3}},
       "time":{"start":{"set":true,"number":1519905600},"end":1519912800,"elapsed":3600},)";

TEST(SacctJson, ReadsJobsOfOldAndNewVersions) {
  JobLogOptions options;
  options.by = {"stage", "state"};
  const ProjectAccount account =
      account_of(document(job("1", kOld) + "," + job("2", kNew)), options);
  EXPECT_EQ(account.format, "sacct-json");
  EXPECT_EQ(account.totals.jobs, 2u);
  EXPECT_EQ(account.device_hours, (std::vector<std::pair<std::string, double>>{{"a100", 8 + 4}}));
  EXPECT_DOUBLE_EQ(group_of(account.by, {"tuning", "COMPLETED"}).device_hours, 8);
  EXPECT_DOUBLE_EQ(account.failed.device_hours, 4);
  EXPECT_EQ(count_of(account.notes, "daylight saving"), 1u);
}

TEST(SacctJson, StepsGiveTheirEnergyAlone) {
  const std::string steps =
      R"("steps":[{"time":{"elapsed":7200},"step":{"id":"1.batch","name":"batch"},"statistics":{"energy":{"consumed":4000000}}},
                  {"step":{"id":"1.0","name":"train"},"statistics":{"energy":{"consumed":3000000}}}],)";
  const ProjectAccount account = account_of(document(job("1", kOld + steps)));
  EXPECT_EQ(account.totals.jobs, 1u);
  EXPECT_DOUBLE_EQ(account.totals.device_hours, 8);
  EXPECT_DOUBLE_EQ(account.totals.it_energy.value->count(), 4e6);
  EXPECT_EQ(account.steps, 2u);
}

TEST(SacctJson, AJobThatDidNotStartIsSkippedByItsNumber) {
  const std::string pending =
      R"("state":{"current":["PENDING"]},"time":{"start":0,"end":0,"elapsed":0},)";
  const ProjectAccount account = account_of(document(job("1", kOld) + "," + job("2", pending)));
  ASSERT_EQ(account.skipped.size(), 1u);
  EXPECT_EQ(account.skipped[0].line, 2u);
}

TEST(SacctJson, AnInputWithoutEndIsRefusedAtABound) {
  const auto refusal = [](const std::string& text, const LogBounds& bounds) {
    std::istringstream in(text);
    const auto log = read_jobs(in, "log", {}, bounds);
    return log ? "" : log.error().message;
  };
  const std::string two = document(job("1", kOld) + "," + job("2", kOld));
  for (const std::string& text : {two, two + std::string(100'000, ' ')}) {
    EXPECT_EQ(refusal(text, {.bytes = text.size(), .lines = 2}), "");
    EXPECT_THAT(refusal(text, {.bytes = text.size() - 1, .lines = 2}),
                testing::HasSubstr("more than 0 MiB"));
  }
  EXPECT_THAT(refusal(two, {.bytes = 1 << 20, .lines = 1}), testing::HasSubstr("1 lines: no job"));
  EXPECT_THAT(refusal(two + std::string(2 << 20, ' '), {.bytes = 1 << 20, .lines = 9}),
              testing::HasSubstr("more than 1 MiB"));
}

TEST(SacctJson, IsReadFromAPipeToo) {
  // Longer than what a format is told by, of an input that does not go back.
  class OneWay : public std::streambuf {
   public:
    explicit OneWay(std::string text) : text_(std::move(text)) {}
    int_type underflow() override {
      if (at_ == text_.size()) return traits_type::eof();
      const std::size_t length = std::min<std::size_t>(1000, text_.size() - at_);
      setg(&text_[at_], &text_[at_], &text_[at_] + length);
      at_ += length;
      return traits_type::to_int_type(*gptr());
    }

   private:
    std::string text_;
    std::size_t at_ = 0;
  };
  std::string jobs = job("1", kOld);
  for (int i = 2; i <= 500; ++i) jobs += "," + job(std::to_string(i), kOld);
  ASSERT_GT(jobs.size(), 128u * 1024);
  OneWay pipe(document(jobs));
  std::istream in(&pipe);

  const auto log = read_jobs(in, "log", {});

  ASSERT_TRUE(log) << log.error().message;
  EXPECT_EQ(log->jobs(), 500u);
}

TEST(SacctJson, AJobHasBoundedResourcesAndTags) {
  std::string many = R"("tres":{"allocated":[{})";
  for (int i = 0; i < 1000; ++i) many += ",{}";
  const auto log = try_log(document(job("1", kOld) + "," + job("2", many + "]},")));
  ASSERT_FALSE(log);
  EXPECT_THAT(log.error().message, testing::HasSubstr("after 1 jobs, brackets 64 deep or a job"));

  std::string comments = R"("comment":{"job":"a=b")";
  for (int i = 0; i < 3; ++i) comments += R"(,"job":")" + std::string(100'000, 'x') + '"';
  EXPECT_EQ(account_of(document(job("1", kOld + comments + "},"))).totals.jobs, 1u);
}

TEST(SacctJson, AKeyIsNoPathOfKeys) {
  const std::string dots = R"("tres.allocated.type":"x","tres.allocated.count":1,"time.end":1,)"
                           R"("time":{"end.number":1},"":{"time":{"end":1}},)";
  const ProjectAccount account = account_of(document(job("1", kOld + dots)));
  EXPECT_DOUBLE_EQ(account.totals.device_hours, 8);
}

TEST(SacctJson, InUtf16IsRefusedAtAnyLength) {
  for (const std::size_t spaces : {0, 100'000}) {
    std::string wide = "\xFF\xFE";
    for (const char c : document(job("1", kOld)) + std::string(spaces, ' ')) wide += {c, '\0'};
    const auto log = try_log(wide);
    ASSERT_FALSE(log);
    EXPECT_THAT(log.error().message, testing::HasSubstr("log: JSON in UTF-16: convert it"));
  }
}

TEST(SacctJson, WhatIsNoDocumentIsRefused) {
  for (const std::string& text :
       {std::string("{"), document(job("1", kOld)).substr(0, 400), std::string(R"({"jobs":5})"),
        std::string(R"({"jobs":[}])"), "{" + std::string(100'000, '['),
        R"({"a":)" + std::string(100'000, '[') + "}",
        "{\"jobs\":[\"" + std::string(5 << 20, 'x')}) {
    const auto log = try_log(text);
    ASSERT_FALSE(log) << text.substr(0, 50);
    EXPECT_EQ(log.error().code, ErrorCode::kInvalid);
  }
}

}  // namespace
}  // namespace joulery::project
