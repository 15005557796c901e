// report: every report of one fixed account, held by the files of tests/golden/.
// tools/update_golden rewrites them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <sstream>

#include "base/file.h"
#include "base/text.h"
#include "base/utf8.h"
#include "joulery/report.h"
#include "report/comparison.h"
#include "report/sample_account.h"
#include "report/sample_choice.h"
#include "report/sample_estimate.h"
#include "report/sample_statement.h"
#include "report/text_table.h"

namespace joulery {
namespace {

void expect_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(JOULERY_SOURCE_DIR) + "/tests/golden/" + name;
  if (std::getenv("JOULERY_UPDATE_GOLDEN") != nullptr) {
    ASSERT_TRUE(save_file(path, text));
    return;
  }
  const auto golden = load_file(path, 1 << 20);
  ASSERT_TRUE(golden) << golden.error().message;
  EXPECT_EQ(text, *golden) << "if this is meant: tools/update_golden, and read the diff";
}

void expect_fits(const std::string& text) {
  for (const std::string_view line : split(text, '\n')) {
    EXPECT_LE(width_of(line), kTextColumns) << line;
    EXPECT_EQ(line.find_first_of("\x1b\x07\r"), std::string_view::npos) << line;
  }
}

template <class Write, class... Args>
std::string text_of(Write write, const Args&... args) {
  std::ostringstream out;
  write(args..., out);
  return out.str();
}

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

TEST(Golden, Estimates) {
  const auto rows = sample_estimates();
  const std::string one = text_of(write_estimates_text, std::vector{rows[0]});
  const std::string all = text_of(write_estimates_text, rows);
  expect_golden("estimate.text", one);
  expect_golden("estimate_rows.text", all);
  expect_golden("estimate.json", text_of(write_estimates_json, rows));
  expect_fits(one);
  expect_fits(all);
}

TEST(Golden, Statements) {
  for (const StatementFormat& format : statement_formats()) {
    const std::string text = text_of(format.write, sample_statement());
    expect_golden(std::string("statement.") + format.name, text);
    if (std::string(format.name) == "text") expect_fits(text);
  }
  expect_golden("statement.json", text_of(write_statement_json, sample_statement()));
}

TEST(Golden, Presets) {
  const auto docs = load_file(std::string(JOULERY_SOURCE_DIR) + "/docs/estimates.md", 1 << 20);
  ASSERT_TRUE(docs) << docs.error().message;
  for (const char* name : {"strubell2019", "patterson2021", "llama2"}) {
    const auto preset = make_preset(name);
    ASSERT_TRUE(preset) << preset.error().message;
    const std::string text = text_of(write_preset_text, *preset);
    expect_golden(std::string("estimate_") + name + ".text", text);
    expect_fits(text);
    EXPECT_NE(docs->find("```\n" + text + "```"), std::string::npos)
        << "docs/estimates.md: " << name;
  }
}

TEST(EstimateText, HoldsItsColumnsWhateverTheNames) {
  const std::string hostile = std::string(300, 'x') + "\x1b[2J\r\n\xff" + std::string(300, 'y');
  for (const std::size_t count : {1u, 3u}) {
    auto rows = sample_estimates();
    rows.resize(count);
    for (EstimatedRow& row : rows) {
      row.request.name = hostile;
      row.request.notes = {hostile};
      row.request.place.pue.source = hostile;
      row.flags = {hostile};
      for (PartPower& part : row.request.parts) part.source = hostile;
    }
    std::ostringstream out;
    write_estimates_text(rows, out);
    expect_fits(out.str());
  }
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
