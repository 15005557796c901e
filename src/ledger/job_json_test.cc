#include "ledger/job_json.h"

#include <gmock/gmock.h>

#include <limits>

namespace joulery {
namespace {

using testing::HasSubstr;

Job full_job() {
  Job job;
  job.id = "20261125T153412-k3x9qa";
  job.name = "na\u00efve \"run\"";
  job.project = "\xff\xfe bytes";
  job.tags = {{"k", "v"}, {"\x80", ""}};
  job.command = {"python", "", "a b", std::string("\xc3\0\n", 3)};
  job.host = "node7";
  job.user = "ada";
  job.origin = "import:zeus";
  job.version = "0.1.0";
  return job;
}

Place full_place() {
  Place place;
  place.name = "cluster";
  place.pue.estimate = Estimate<double>::of(1.58, 0.1, Evidence::kConstant, "survey", 0.5);
  place.pue.source = "--pue";
  place.pue.year = 2022;
  place.intensity.estimate =
      Estimate<GramsPerJoule>::of(GramsPerJoule(1.2e-4), GramsPerJoule(1e-5), Evidence::kConstant);
  place.intensity.kind = "average";
  place.intensity.region = "US-MA";
  place.intensity.basis = "location";
  place.electricity_price.estimate = Estimate<MoneyPerJoule>::missing("--electricity-price");
  place.cloud_price = {MoneyPerSecond(0.1 / 3600), MoneyPerSecond(0.3 / 3600)};
  place.cloud_price_source = "--cloud-price";
  place.currency = "EUR";
  return place;
}

TEST(About, GivesBackJobAndPlaceExactly) {
  const auto about = parse_about(about_text(full_job(), full_place()));

  ASSERT_TRUE(about) << about.error().message;
  const Job expected = full_job();
  EXPECT_EQ(about->job.id, expected.id);
  EXPECT_EQ(about->job.name, expected.name);
  EXPECT_EQ(about->job.project, expected.project);
  EXPECT_EQ(about->job.tags, expected.tags);
  EXPECT_EQ(about->job.command, expected.command);
  EXPECT_EQ(about->job.origin, expected.origin);
  const Place place = full_place();
  EXPECT_EQ(about->place.pue.estimate.value, 1.58);
  EXPECT_EQ(about->place.pue.estimate.coverage, 0.5);
  EXPECT_EQ(about->place.pue.year, 2022);
  EXPECT_EQ(about->place.intensity.estimate.value, place.intensity.estimate.value);
  EXPECT_EQ(about->place.intensity.estimate.u, place.intensity.estimate.u);
  EXPECT_EQ(about->place.intensity.region, "US-MA");
  EXPECT_EQ(about->place.intensity.basis, "location");
  EXPECT_FALSE(about->place.electricity_price.estimate);
  EXPECT_EQ(about->place.electricity_price.estimate.why, "--electricity-price");
  EXPECT_EQ(about->place.cloud_price, place.cloud_price);
  EXPECT_EQ(about->place.currency, "EUR");
}

TEST(About, MakesMissingOfANumberThatJsonCannotWrite) {
  Place place = full_place();
  place.pue.estimate.value = std::numeric_limits<double>::infinity();

  const auto about = parse_about(about_text(full_job(), place));

  ASSERT_TRUE(about) << about.error().message;
  EXPECT_FALSE(about->place.pue.estimate);
}

TEST(Closing, GivesBackTheEnd) {
  Job end;
  end.signal = 9;
  end.cpu_use = CpuUse{Seconds(0.1), Seconds(0.3)};
  end.survivors = {{1, "\xffsh"}};
  Job job;

  ASSERT_TRUE(parse_closing(closing_text(end), job));

  EXPECT_EQ(job.exit_status, std::nullopt);
  EXPECT_EQ(job.signal, 9);
  EXPECT_EQ(job.cpu_use->job, Seconds(0.1));
  EXPECT_EQ(job.survivors.at(0).name, "\xffsh");
}

TEST(About, RefusesWhatANewerVersionWrote) {
  const auto about = parse_about(R"({"version": 2, "all": "new"})");

  ASSERT_FALSE(about);
  EXPECT_EQ(about.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(about.error().message, HasSubstr("newer Joulery (version 2"));
}

TEST(About, SurvivesAnyText) {
  const std::string good = about_text(full_job(), full_place());
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(parse_about(good.substr(0, size)));
  for (const char* text : {"null", "[]", "{}", R"({"version": "1"})", R"({"version": 1, "job": 3})",
                           R"({"version": 1e99})", "\xff"})
    EXPECT_FALSE(parse_about(text)) << text;
  EXPECT_FALSE(parse_about(std::string(100000, '[')));
}

TEST(List, GivesBackItsTexts) {
  const std::vector<std::string> items = {"", "a,b", "\"", "\xff", "\n"};
  EXPECT_EQ(*parse_list(list_text(items)), items);
  EXPECT_FALSE(parse_list("[1]"));
}

}  // namespace
}  // namespace joulery
