// series: the live source with answers of this test, its cache and its configuration.
#include "series/live.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/text.h"

namespace joulery::series {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const char* const kForecast = R"({"zone": "DE", "forecast": [
  {"carbonIntensity": 300, "datetime": "2026-11-25T15:00:00.000Z"},
  {"carbonIntensity": 200.5, "datetime": "2026-11-25T16:00:00.000Z"},
  {"carbonIntensity": null, "datetime": "2026-11-25T17:00:00.000Z"}]})";

class Live : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    write("token", "s3cret\n", 0600);
    write("config.toml",
          "[live]\nurl = \"http://127.0.0.1:1/\"\ntoken_file = \"" + folder_ + "/token\"\n", 0644);
    request_.file = "live:DE";
    request_.flag = "--series";
    request_.config_files = {folder_ + "/config.toml"};
    world_.cache_folder = folder_ + "/cache";
    world_.now = *parse_time("2026-11-25T15:10:00Z");
    answer(std::string(kForecast));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text, mode_t mode) const {
    std::ofstream(folder_ + "/" + name) << text;
    ::chmod((folder_ + "/" + name).c_str(), mode);
  }
  void answer(Result<std::string> result) {
    world_.get = [this, result](const HttpRequest& http) {
      asked_.push_back(http);
      return result;
    };
  }
  void no_network() { answer(Error{ErrorCode::kUnavailable, "no network"}); }
  [[nodiscard]] std::string why_not() const {
    const auto series = read_live(request_, world_);
    return series ? "was read" : series.error().message;
  }

  // Tests run beside each other, each in a process.
  std::string folder_ = testing::TempDir() + "joulery-live-" + std::to_string(::getpid());
  SeriesRequest request_;
  LiveWorld world_;
  std::vector<HttpRequest> asked_;
};

TEST_F(Live, IsTheForecastOfAZone) {
  const auto series = read_live(request_, world_);

  ASSERT_TRUE(series) << series.error().message;
  ASSERT_EQ(series->pieces.size(), 2U);
  EXPECT_NEAR(series->pieces[1].value * kJoulesPerKilowattHour, 200.5, 1e-9);
  EXPECT_TRUE(series->forecast);
  EXPECT_EQ(series->kind, "average");
  EXPECT_THAT(series->source, HasSubstr("asked 2026-11-25T15:10"));
  ASSERT_EQ(asked_.size(), 1U);
  EXPECT_EQ(asked_[0].url, "http://127.0.0.1:1/v3/carbon-intensity/forecast?zone=DE");
  EXPECT_EQ(asked_[0].secret_header, "auth-token: s3cret");
}

TEST_F(Live, OfHistoryIsWhatWas) {
  request_.file = "live:DE:history";
  answer(std::string(R"({"zone":"DE","history":[
    {"carbonIntensity":1,"datetime":"2026-11-25T15:00:00Z","isEstimated":true},
    {"carbonIntensity":2,"datetime":"2026-11-25T14:00:00Z","isEstimated":false}]})"));

  const auto series = read_live(request_, world_);

  ASSERT_TRUE(series) << series.error().message;
  EXPECT_FALSE(series->forecast);
  EXPECT_NEAR(series->pieces[0].value * kJoulesPerKilowattHour, 2, 1e-9);
  EXPECT_THAT(series->notes, Contains(HasSubstr("1 of 2 values were estimated")));
}

TEST_F(Live, IsNotAskedAgainWhileTheAnswerIsFresh) {
  ASSERT_TRUE(read_live(request_, world_));
  world_.now += std::chrono::minutes(14);

  const auto series = read_live(request_, world_);

  ASSERT_TRUE(series) << series.error().message;
  EXPECT_EQ(asked_.size(), 1U);
  EXPECT_THAT(series->source, HasSubstr("asked 2026-11-25T15:10"));
}

TEST_F(Live, TakesAnOldAnswerWhereTheNetworkFailsAndSaysSo) {
  ASSERT_TRUE(read_live(request_, world_));
  world_.now += std::chrono::hours(5);
  no_network();

  const auto series = read_live(request_, world_);

  ASSERT_TRUE(series) << series.error().message;
  EXPECT_THAT(series->notes, Contains(AllOf(HasSubstr("no network"), HasSubstr("5 h"))));
}

TEST_F(Live, TakesNoAnswerOfYesterday) {
  ASSERT_TRUE(read_live(request_, world_));
  world_.now += std::chrono::hours(25);
  no_network();

  EXPECT_EQ(why_not(), "no network");
}

TEST_F(Live, GarbageIsRefusedAndNotKept) {
  const std::string deep(100'000, '[');
  const std::string item =
      R"({"zone":"DE","forecast":[{"carbonIntensity":1,"datetime":"2026-11-25T15:00Z"})";
  for (
      const std::string& body :
      {std::string("<html>"), std::string(), deep, std::string("[]"), std::string("null"),
       std::string(R"({"zone":"FR","forecast":[{}]})"),
       std::string(R"({"zone":"DE","forecast":[]})"),
       std::string(
           R"({"zone":"DE","forecast":[{"carbonIntensity":-1,"datetime":"2026-11-25T15:00:00Z"}]})"),
       std::string(
           R"({"zone":"DE","forecast":[{"carbonIntensity":1e400,"datetime":"2026-11-25T15:00:00Z"}]})"),
       std::string("{\"zone\":\"D\xff\",\"forecast\":[1]}"), item}) {
    answer(body);

    EXPECT_THAT(why_not(), AllOf(HasSubstr("http://127.0.0.1:1"), Not("was read")))
        << body.substr(0, 80);
    EXPECT_FALSE(std::filesystem::exists(world_.cache_folder));
  }
}

TEST_F(Live, KeepsNoTokenAndLetsNobodyElseRead) {
  ASSERT_TRUE(read_live(request_, world_));

  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(world_.cache_folder)) {
    std::ifstream in(entry.path());
    const std::string text(std::istreambuf_iterator<char>(in), {});
    EXPECT_THAT(text, Not(HasSubstr("s3cret")));
    EXPECT_EQ(entry.status().permissions() & std::filesystem::perms::others_all,
              std::filesystem::perms::none);
    ++files;
  }
  EXPECT_EQ(files, 1U);
}

TEST_F(Live, ADamagedCacheIsAskedAnew) {
  ASSERT_TRUE(read_live(request_, world_));
  for (const auto& entry : std::filesystem::directory_iterator(world_.cache_folder))
    std::ofstream(entry.path()) << "garbage";

  EXPECT_TRUE(read_live(request_, world_));
  EXPECT_EQ(asked_.size(), 2U);
}

TEST_F(Live, RefusesATokenThatOthersMayRead) {
  write("token", "s3cret\n", 0644);

  EXPECT_THAT(why_not(), AllOf(HasSubstr("chmod 600"), Not(HasSubstr("s3cret"))));
  EXPECT_THAT(asked_, IsEmpty());

  write("config.toml", "[live]\ntoken = \"s3cret\"\n", 0644);
  EXPECT_THAT(why_not(), AllOf(HasSubstr("chmod 600"), Not(HasSubstr("s3cret"))));
}

TEST_F(Live, WithoutATokenSaysWhereOneIsGiven) {
  request_.config_files = {folder_ + "/none.toml"};

  EXPECT_THAT(why_not(), AllOf(HasSubstr("token_file"), HasSubstr("none.toml")));
}

TEST_F(Live, OneFilesTokenNeverGoesToAnotherFilesUrl) {
  write("near.toml", "[live]\nurl = \"http://127.0.0.1:2/\"\n", 0644);
  request_.config_files = {folder_ + "/near.toml", folder_ + "/config.toml"};

  EXPECT_THAT(why_not(), HasSubstr("needs a token"));
  EXPECT_THAT(asked_, IsEmpty());
}

TEST_F(Live, BadTomlIsNotQuoted) {
  write("config.toml", "[live]\ntoken = s3cret\n", 0600);

  EXPECT_THAT(why_not(), AllOf(HasSubstr("config.toml:2"), Not(HasSubstr("s3cret"))));
}

TEST_F(Live, HasZonesAndAverageIntensitiesOnly) {
  for (const char* const file :
       {"live:", "live:DE/../x", "live:DE:past", "live:D E", "live:DE?a=b"}) {
    request_.file = file;
    EXPECT_THAT(why_not(), HasSubstr("live:ZONE")) << file;
  }
  request_.file = "live:DE";
  request_.kind = "marginal";
  EXPECT_THAT(why_not(), HasSubstr("average"));
  request_.kind = "";
  request_.measure = SeriesMeasure::kPrice;
  EXPECT_THAT(why_not(), HasSubstr("carbon"));
}

}  // namespace
}  // namespace joulery::series
