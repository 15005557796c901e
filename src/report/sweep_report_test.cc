#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/text.h"
#include "base/utf8.h"
#include "joulery/report.h"

namespace joulery {
namespace {

using nlohmann::json;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

CapPoint point(double cap, double time_pct, double energy_pct) {
  CapPoint made;
  made.cap = Watts(cap);
  made.time = Seconds(100 + time_pct);
  made.energy = made.device_energy = Joules(250 * (100 + energy_pct));
  made.time_change = Change{.pct = time_pct, .u_pct = 0.25, .upper_pct = time_pct + 0.5};
  made.energy_change = made.device_energy_change = made.objective_change =
      Change{.pct = energy_pct, .u_pct = 0.5, .upper_pct = energy_pct + 1};
  made.throttle_share = 0.9;
  made.clock_mhz = 1234;
  made.temperature_c = 61;
  made.trials = 3;
  made.runs = {"20261125T190000-aaaaaa", "20261125T190100-aaaaaa"};
  return made;
}

Sweep made_sweep() {
  Sweep sweep;
  sweep.id = "20261125T190000-0000abcd";
  sweep.job.command = {"python3", "train.py"};
  sweep.rules.max_slowdown = 0.05;
  sweep.found = Watts(250);
  sweep.planned = 2;
  sweep.equal_work_by = "marks";
  CapDevice device;
  device.id = "gpu/GPU-1/board";
  device.model = "a \x1b[31mGPU";
  device.requested = Watts(250);
  sweep.devices = {device};
  sweep.levels = {{.cap = Watts(150), .per_device = {Watts(150)}, .text = "150 W"}};
  CapChoice choice;
  choice.points = {point(100, 114, -11), point(150, 4.1, -24.2), point(250, 0, 0)};
  choice.points[2].baseline = true;
  choice.baseline = 2;
  choice.recommended = 1;
  choice.is_sweep = true;
  choice.notes = {"a note of the policy"};
  sweep.choice = choice;
  SweepRun run;
  run.id = "20261125T190000-aaaaaa";
  run.trial.cap = Watts(150);
  run.trial.time = Seconds(104.1);
  run.level = 0;
  run.notes = {"a note of the run"};
  SweepRun unstarted;
  unstarted.trial.cap = Watts(150);
  unstarted.trial.failed = true;
  sweep.runs = {run, unstarted};
  return sweep;
}

json document(const std::vector<Sweep>& sweeps) {
  std::ostringstream out;
  write_sweep_json(sweeps, out);
  return json::parse(out.str());
}

std::string text_of(const std::vector<Sweep>& sweeps) {
  std::ostringstream out;
  write_sweep_text(sweeps, out);
  return out.str();
}

TEST(SweepReport, HasTheKeysOfARecommendationAndItsOwn) {
  const json written = document({made_sweep()});

  EXPECT_EQ(written["schema"], "joulery/sweep/1");
  EXPECT_EQ(written["objective"], "energy");
  EXPECT_EQ(written["max_slowdown_pct"], 5);
  const json group = written["groups"][0];
  EXPECT_EQ(group["baseline"]["cap_w"], 250);
  EXPECT_EQ(group["recommended"]["cap_w"], 150);
  EXPECT_EQ(group["recommended"]["time_change_pct"], 4.1);
  EXPECT_EQ(group["recommended"]["time_change_u_pct"], 0.25);
  EXPECT_EQ(group["recommended"]["energy_change_u_pct"], 0.5);
  EXPECT_EQ(group["points"].size(), 3u);
  EXPECT_EQ(group["points"][0]["throttled_pct"], 90);
  EXPECT_EQ(group["points"][0]["runs"][1], "20261125T190100-aaaaaa");
  EXPECT_EQ(group["cap_inert"], false);
  EXPECT_EQ(group["equal_work"], true);
  EXPECT_TRUE(group["runs"][1]["id"].is_null());
  EXPECT_TRUE(group["runs"][1]["time_s"].is_null()) << "missing is never 0";
  EXPECT_FALSE(written.contains("means"));
}

TEST(SweepReport, BeginsWithItsSchema) {
  std::ostringstream out;
  write_sweep_json({made_sweep()}, out);

  EXPECT_LT(out.str().find("\"schema\""), 6u);
}

TEST(SweepReport, WithoutAChoiceSaysWhy) {
  Sweep sweep = made_sweep();
  sweep.choice.reset();
  sweep.no_choice = "no trial at the found limit";

  const json group = document({sweep})["groups"][0];

  EXPECT_TRUE(group["recommended"].is_null());
  EXPECT_TRUE(group["points"].empty());
  EXPECT_THAT(group["notes"], Contains("no choice: no trial at the found limit"));
  EXPECT_THAT(text_of({sweep}), HasSubstr("no recommendation: no trial at the found limit"));
}

TEST(SweepReport, FitsPeoplesTerminals) {
  Sweep sweep = made_sweep();
  for (int i = 0; i < 5; ++i)
    sweep.choice->points.insert(sweep.choice->points.begin(), point(90 + i, 100, 30));
  sweep.choice->points[0].failed = 2;
  sweep.choice->points[0].inert = true;
  sweep.choice->points[0].unequal = 1;
  sweep.choice->baseline = 7;
  sweep.choice->recommended = 6;
  sweep.key = {{"model", std::string(90, 'x')}, {"batch", "8"}};

  const std::string text = text_of({sweep, sweep});

  for (const std::string_view line : split(text, '\n')) EXPECT_LE(width_of(line), 100u) << line;
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(SweepReport, TellsTheRecommendationAndItsIntervals) {
  const std::string text = text_of({made_sweep()});

  EXPECT_THAT(text, HasSubstr("Recommended: 150 W, with 4.10 \u00b1 0.50 % more time and "));
  EXPECT_THAT(text, HasSubstr("+4.10 \u00b1 0.50 %"));
  EXPECT_THAT(text, HasSubstr("75.8 \u00b1 1.0 %"));
  EXPECT_THAT(text, HasSubstr("a note of the policy"));
  EXPECT_THAT(text, HasSubstr("20261125T190000-aaaaaa at 150 W: a note of the run"));
}

TEST(SweepReport, ASweepThatKeepsItsLimitSaysNoMoreThanItKnows) {
  Sweep sweep = made_sweep();
  sweep.choice->recommended = 2;

  const std::string text = text_of({sweep});

  EXPECT_THAT(text, HasSubstr("Keep 250 W: a better cap could not be told apart from it"));
  EXPECT_THAT(text, HasSubstr("  baseline, <- recommended\n"));
}

TEST(SweepReport, OfAGridHasAllCombinationsAndTheirMeans) {
  Sweep bert = made_sweep();
  bert.key = {{"model", "bert"}};
  Sweep gpt = made_sweep();
  gpt.key = {{"model", "gpt"}};
  gpt.choice->points[1] = point(150, 8.1, -14.2);

  const json written = document({bert, gpt});
  const std::string text = text_of({bert, gpt});

  EXPECT_EQ(written["groups"][1]["key"]["model"], "gpt");
  const json mean = written["means"][1];
  EXPECT_EQ(mean["cap_w"], 150);
  EXPECT_NEAR(mean["time_change_pct"], 6.1, 1e-9);
  EXPECT_NEAR(mean["energy_change_pct"], -19.2, 1e-9);
  EXPECT_NEAR(mean["time_change_u_pct"], 0.25, 1e-9) << "jobs on one board may err alike";
  EXPECT_THAT(text, HasSubstr("relative time, the limit that was found is 100 %"));
  EXPECT_THAT(text, HasSubstr("\ngpt  "));
  EXPECT_THAT(text, HasSubstr("106.10 \u00b1 0.50 %"));
}

TEST(SweepReport, OfAGridTellsNoBaselineAsACap) {
  std::vector<Sweep> sweeps{made_sweep(), made_sweep()};
  sweeps[0].key = {{"gpu", "first"}};
  sweeps[1].key = {{"gpu", "second"}};
  sweeps[1].choice->points[2].cap = Watts(300);  // found there
  sweeps[1].choice->points.insert(sweeps[1].choice->points.begin() + 2, point(250, 2, -3));
  sweeps[1].choice->baseline = 3;

  const std::string text = text_of(sweeps);

  const std::string table = text.substr(text.find("relative time"));
  const std::string line = table.substr(table.find("first"));
  EXPECT_THAT(line.substr(0, line.find('\n')), testing::EndsWith(" -"));
}

TEST(SweepReport, TellsHowManyOfThePlannedRunsWereStarted) {
  Sweep sweep = made_sweep();
  sweep.runs[1].step = 1;
  sweep.runs[1].notes = {"the disk is full"};

  const std::string text = text_of({sweep});

  EXPECT_THAT(text, HasSubstr(": 1 of 2 runs"));
  EXPECT_THAT(text, HasSubstr("- not started at 150 W: the disk is full"));
}

TEST(SweepReport, OfAGridTellsAllCombinationsApart) {
  std::vector<Sweep> sweeps;
  for (const char* model : {"bert-base-uncased", "distilbert-base-uncased"})
    for (const char* batch : {"8", "16"}) {
      sweeps.push_back(made_sweep());
      sweeps.back().key = {{"model", model}, {"batch", batch}};
      for (int i = 0; i < 4; ++i) sweeps.back().choice->points.push_back(point(151 + i, 1, -1));
    }

  const std::string text = text_of(sweeps);

  EXPECT_THAT(text, HasSubstr("\nmodel  batch"));
  for (const char* label : {"\nbert-base-uncased  8 ", "\nbert-base-uncased  16 ",
                            "\ndistilbert-base-uncased  8 ", "\ndistilbert-base-uncased  16 "})
    EXPECT_THAT(text, HasSubstr(label));
  for (const std::string_view line : split(text, '\n')) EXPECT_LE(width_of(line), 100u) << line;
}

TEST(SweepReport, TellsBothEndsOfAWideInterval) {
  Sweep sweep = made_sweep();
  sweep.choice->points[0].energy_change = Change{.pct = -30, .u_pct = 80.0, .upper_pct = 500.0};

  const std::string text = text_of({sweep});

  EXPECT_THAT(text, HasSubstr("-30 % (-92.9 to +588)"));
  EXPECT_THAT(text, HasSubstr("70 % (7.12 to 688)"));
}

TEST(SweepReport, SaysLessOfWhatIsSurelyLess) {
  Sweep sweep = made_sweep();
  sweep.choice->points[1].energy_change = Change{.pct = -60, .u_pct = 5.0, .upper_pct = -50};

  EXPECT_THAT(text_of({sweep}), HasSubstr("and 60 % (48.6 to 68.8) less energy"));
}

TEST(SweepReport, HasWhatIsMadeSmall) {
  Sweep sweep = made_sweep();
  sweep.rules.objective = sweep.choice->objective = Objective::kEdp;
  sweep.choice->points[1].objective_change = Change{.pct = -21, .u_pct = 0.5, .upper_pct = -20};

  const json group = document({sweep})["groups"][0];

  EXPECT_EQ(group["points"][1]["objective_change_pct"], -21);
  EXPECT_EQ(group["recommended"]["objective_change_u_pct"], 0.5);
  EXPECT_THAT(text_of({sweep}), HasSubstr("energy x time -21.0 \u00b1 1.0 %"));
  EXPECT_FALSE(document({made_sweep()})["groups"][0]["points"][1].contains("objective_change_pct"));
}

TEST(SweepReport, SaysThatAnExitStatusChecksNoWork) {
  Sweep sweep = made_sweep();
  sweep.equal_work_by = "exit status";

  EXPECT_THAT(text_of({sweep}), HasSubstr("exit status alone"));
}

TEST(SweepReport, DrawsOneSweepAndAGrid) {
  if (std::system("command -v gnuplot > /dev/null") != 0) GTEST_SKIP() << "no gnuplot here";
  const std::string path =
      testing::TempDir() + "joulery-sweep-" + std::to_string(::getpid()) + ".svg";
  for (const std::vector<Sweep>& sweeps :
       {std::vector{made_sweep()}, {made_sweep(), made_sweep()}}) {
    const auto drawn = plot_sweep(sweeps, path);

    ASSERT_TRUE(drawn) << drawn.error().message;
    std::ostringstream picture;
    picture << std::ifstream(path).rdbuf();
    EXPECT_THAT(picture.str(), HasSubstr("</svg>"));
    EXPECT_THAT(picture.str(), HasSubstr("150 W"));
  }
  std::filesystem::remove(path);
}

TEST(SweepReport, DrawsNothingWhereNothingCouldBeCompared) {
  Sweep sweep = made_sweep();
  sweep.choice.reset();

  const auto drawn = plot_sweep({sweep}, "/nowhere/x.svg");

  ASSERT_FALSE(drawn);
  EXPECT_EQ(drawn.error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace joulery
