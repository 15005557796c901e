// report: a made profile of PUE, held by the files of tests/golden/, and its pictures.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "joulery/report.h"
#include "report/golden.h"
#include "report/plot_fixture.h"
#include "report/sample_pue.h"

namespace joulery {
namespace {

TEST(Golden, Pue) {
  std::ostringstream text, json;
  write_pue_text(sample_pue(), sample_pue_model(), text);
  write_pue_json(sample_pue(), sample_pue_model(), json);

  expect_golden("pue.text", text.str());
  expect_golden("pue.json", json.str());
  expect_fits(text.str());
}

TEST(PueReport, WithoutAModelOrALoadSaysLess) {
  PueProfile profile = sample_pue();
  for (PueHour& hour : profile.hours) hour.load.reset();
  profile.all.energy_weighted_mean.reset();
  PueModel model = sample_pue_model();
  model.capacity.reset();
  std::ostringstream bare, json, loadless;
  write_pue_text(profile, std::nullopt, bare);
  write_pue_json(profile, std::nullopt, json);
  write_pue_text(profile, model, loadless);

  EXPECT_EQ(bare.str().find("Model"), std::string::npos);
  EXPECT_EQ(bare.str().find("times the IT's energy"), std::string::npos);
  EXPECT_TRUE(nlohmann::json::parse(json.str())["model"].is_null());
  EXPECT_TRUE(nlohmann::json::parse(json.str())["year"]["energy_weighted_mean"].is_null());
  EXPECT_NE(loadless.str().find("No marginal PUE"), std::string::npos);
  expect_fits(loadless.str());
}

TEST(PueReport, NamesAnHourFarOutAndWhatTheMeansAreWithoutIt) {
  PueProfile profile = sample_pue();
  profile.far_out.hours = {20, 14};
  profile.far_out.above_pue = 1.3;
  profile.far_out.without = profile.all;
  profile.far_out.without.mean = 1.234;
  profile.absurd_hours = {3};
  profile.all.variation_u_pct.reset();
  std::ostringstream text, json;
  write_pue_text(profile, std::nullopt, text);
  write_pue_json(profile, std::nullopt, json);

  EXPECT_NE(text.str().find("2 hours stand far out"), std::string::npos);
  EXPECT_NE(text.str().find("2020-07-26T14:00-06:00"), std::string::npos);
  EXPECT_NE(text.str().find("1.234"), std::string::npos);
  EXPECT_NE(text.str().find("at 2020-07-26T03:00-06:00"), std::string::npos);
  EXPECT_NE(text.str().find("no uncertainty"), std::string::npos);
  const auto document = nlohmann::json::parse(json.str());
  EXPECT_EQ(document["far_out"]["hours"][1], "2020-07-26T14:00-06:00");
  EXPECT_EQ(document["far_out"]["mean_without"], 1.234);
  EXPECT_TRUE(document["year"]["variation_u_pct"].is_null());
  expect_fits(text.str());
}

TEST(PueReport, HoldsItsColumnsWhateverTheNames) {
  const std::string hostile = std::string(300, 'x') + "\x1b[2J\r\n\xff" + std::string(300, 'y');
  PueProfile profile = sample_pue();
  profile.source = profile.time_zone = hostile;
  profile.notes = {hostile};
  PueModel model = sample_pue_model();
  model.temperature = model.source = hostile;
  std::ostringstream text, json;
  write_pue_text(profile, model, text);
  write_pue_json(profile, model, json);

  expect_fits(text.str());
  EXPECT_TRUE(nlohmann::json::accept(json.str()));
}

using PlotPue = PlotTest;

TEST_F(PlotPue, DrawsEveryKindOfPicture) {
  for (const auto& [name, begin] :
       {std::pair{"p.svg", "<?xml"}, {"p.pdf", "%PDF"}, {"p.png", "\x89PNG"}}) {
    const auto done = plot_pue(sample_pue(), "", dir_ + "/" + name);
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(picture(name).substr(0, 4), std::string(begin).substr(0, 4));
  }
  // The first day varies less than those behind it, the ninth has too few hours to tell.
  EXPECT_NE(picture("p.svg").find("2020-07-27 to 2020-08-02"), std::string::npos);
}

TEST_F(PlotPue, DrawsTheWeekThatIsAskedFor) {
  ASSERT_TRUE(plot_pue(sample_pue(), "2020-08-01", dir_ + "/p.svg"));
  EXPECT_NE(picture("p.svg").find("2020-08-01 to 2020-08-04"), std::string::npos);

  const auto done = plot_pue(sample_pue(), "2021-01-01", dir_ + "/q.svg");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kUsage);
  EXPECT_NE(done.error().message.find("from 2020-07-26 to 2020-08-04"), std::string::npos);
}

TEST_F(PlotPue, NeverRunsWhatANameSays) {
  PueProfile profile = sample_pue();
  const std::string mark = dir_ + "/mark";
  profile.time_zone = "\"; system('touch " + mark + "')\n`touch " + mark + "`";
  ASSERT_TRUE(plot_pue(profile, "", dir_ + "/p.svg"));
  EXPECT_FALSE(std::filesystem::exists(mark));
}

}  // namespace
}  // namespace joulery
