// report: every report of one fixed account, held by the files of tests/golden/.
// tools/update_golden rewrites them.
#include "report/golden.h"

#include <gtest/gtest.h>

#include <limits>
#include <sstream>

#include "joulery/report.h"
#include "report/comparison.h"
#include "report/sample_account.h"
#include "report/sample_choice.h"

namespace joulery {
namespace {

TEST(Golden, AccountForPeople) {
  const std::string text = text_of(write_account_text, sample_account());
  expect_golden("report.text", text);
  expect_fits(text);
}

TEST(Golden, AccountAsJson) {
  expect_golden("report.json", text_of(write_account_json, sample_account()));
}

TEST(Golden, Runs) {
  const std::string text = text_of(write_runs_text, sample_listing());
  expect_golden("runs.text", text);
  expect_fits(text);
  expect_golden("runs.json", text_of(write_runs_json, sample_listing()));
}

TEST(Golden, Comparison) {
  const Account a = sample_account();
  Account b = a;
  b.job.id = "20261125T160000-0a0b0c";
  std::ostringstream text, json;
  write_comparison_text(a, b, sample_comparison(), text);
  write_comparison_json(a, b, sample_comparison(), json);
  expect_golden("compare.text", text.str());
  expect_fits(text.str());
  expect_golden("compare.json", json.str());
}

TEST(Golden, Sensors) {
  const std::string text = text_of(write_sensors_text, sample_sensors());
  expect_golden("sensors.text", text);
  expect_fits(text);
  expect_golden("sensors.json", text_of(write_sensors_json, sample_sensors()));
}

TEST(Golden, Recommendations) {
  ChoiceRules rules;
  rules.max_slowdown = 0.05;
  rules.base_power = Watts(100);
  std::ostringstream text, json, lines, bars;
  write_recommend_text(rules, sample_recommendations(1), bars);
  write_recommend_text(rules, sample_recommendations(3), text);
  write_recommend_json(rules, sample_recommendations(3), json);
  write_recommend_text(rules, sample_recommendations(20), lines);
  expect_golden("recommend.text", text.str());
  expect_golden("recommend.json", json.str());
  expect_golden("recommend_lines.text", lines.str());
  expect_golden("recommend_bars.text", bars.str());
  expect_fits(bars.str());
  expect_fits(text.str());
  expect_fits(lines.str());
}

TEST(RecommendText, HoldsItsColumnsWhateverTheNames) {
  const std::string hostile = std::string(300, 'x') + "\x1b[2J\r\n\xff" + std::string(300, 'y');
  for (const std::size_t count : {1u, 20u}) {
    auto jobs = sample_recommendations(count);
    for (Recommendation& job : jobs) {
      job.key = {{hostile, hostile}};
      job.choice.notes = {hostile};
    }
    std::ostringstream out;
    write_recommend_text({}, jobs, out);
    expect_fits(out.str());
  }
}

TEST(AccountText, HoldsItsColumnsWhateverTheNames) {
  Account account = sample_account();
  const std::string hostile = std::string(300, 'x') + "\x1b[2J\r\n\xff" + std::string(300, 'y');
  account.job.name = account.job.project = account.job.host = hostile;
  account.job.command = {hostile, hostile};
  account.job.tags = {{hostile, hostile}};
  account.job.survivors = {{1, hostile}};
  account.flags = {hostile};
  account.phases[0].name = hostile;
  account.place.pue.source = account.place.intensity.source = hostile;
  for (ComponentAccount& component : account.components) {
    component.id = component.model = component.source = component.energy.why = hostile;
    component.flags = {hostile};
    component.part_of = hostile;
  }

  expect_fits(text_of(write_account_text, account));
}

TEST(AccountText, SaysThatASumWithUnseenPartsIsALowerBound) {
  Account account = sample_account();
  EXPECT_NE(text_of(write_account_text, account).find("at least"), std::string::npos);

  account.excludes.clear();
  EXPECT_NE(text_of(write_account_text, account).find("at least"), std::string::npos);

  account.components.pop_back();  // the DRAM that could not be seen
  EXPECT_EQ(text_of(write_account_text, account).find("at least"), std::string::npos);
}

TEST(Reports, NeverPrintANumberThatIsNotFinite) {
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    Account account = sample_account();
    account.it_energy.value = Joules(bad);
    account.components[0].energy.u = Joules(bad);
    account.components[0].energy.coverage = bad;
    account.components[1].cross_check = Joules(bad);
    account.components[2].job_share->value = Joules(bad);
    account.phases[0].it_energy.value = Joules(bad);
    account.place.pue.estimate.value = bad;
    account.loop.cpu = Seconds(bad);
    account.duration.value = Seconds(bad);

    for (const auto write : {write_account_text, write_account_json}) {
      const std::string text = text_of(write, account);
      EXPECT_EQ(text.find("nan"), std::string::npos) << text;
      EXPECT_EQ(text.find("inf "), std::string::npos) << text;
      EXPECT_EQ(text.find("inf}"), std::string::npos) << text;
      EXPECT_EQ(text.find("inf,"), std::string::npos) << text;
    }
  }
}

}  // namespace
}  // namespace joulery
