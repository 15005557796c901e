// report: estimates and published tables, held by the files of tests/golden/ and by the docs.
#include <gtest/gtest.h>

#include <sstream>

#include "base/file.h"
#include "joulery/report.h"
#include "report/golden.h"
#include "report/sample_estimate.h"

namespace joulery {
namespace {

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

}  // namespace
}  // namespace joulery
