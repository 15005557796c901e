// report: accounts of projects, held by the files of tests/golden/.
#include <gtest/gtest.h>

#include "joulery/report.h"
#include "report/golden.h"
#include "report/sample_project.h"

namespace joulery {
namespace {

TEST(Golden, Projects) {
  const std::string text = text_of(write_project_text, sample_project());
  expect_golden("project.text", text);
  expect_golden("project.json", text_of(write_project_json, sample_project()));
  expect_fits(text);
}

TEST(ProjectText, HoldsItsColumnsWhateverTheNames) {
  const std::string hostile = std::string(300, 'x') + "\x1b[2J\r\n\xff" + std::string(300, 'y');
  ProjectAccount account = sample_project();
  account.source = hostile;
  account.device_hours[0].first = hostile;
  account.totals.excludes = account.includes = account.totals.cost_excludes = {hostile};
  for (JobGroup& group : account.by.groups)
    for (std::string& value : group.key) value = hostile;
  account.by.columns = {hostile, hostile, hostile};
  account.rates[0].device = account.rates[0].power_source = hostile;
  account.roles->sides[0].role = hostile;
  account.skipped[0].why = hostile;
  account.worth->metric = account.worth->sensitivity->parameters[2].why = hostile;
  account.worth->sensitivity->parameters[0].name = account.worth->columns[0] = hostile;
  account.worth->groups[0].key[0] = account.worth->front[0].point.name = hostile;
  expect_fits(text_of(write_project_text, account));
}

}  // namespace
}  // namespace joulery
