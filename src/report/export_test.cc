#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "base/text.h"
#include "joulery/report.h"
#include "report/sample_run.h"

namespace joulery {
namespace {

TEST(ExportCsv, WritesOneRowASampleThatReadsBackExactly) {
  const StoredRun run = sample_run(2, 2);
  std::ostringstream out;

  ASSERT_TRUE(export_csv(run, out));

  const std::string text = out.str();
  const auto lines = split(text, '\n');
  ASSERT_EQ(lines.size(),
            1u + 21 + 21 + 1);  // the head, two channels, what follows the last line's end
  EXPECT_EQ(lines[0],
            "time_us,channel,component,kind,measure,unit,value,half_width_us,restart,class,part_of,"
            "model,source,flags");
  EXPECT_EQ(lines[1],
            "1790000000000000,gpu/0/energy,gpu/0,gpu,energy,J,1000.1,25,1,measured,,"
            "\"A, \"\"B\"\"\",nvml,");
  for (int i = 0; i <= 20; ++i) {
    const auto fields = split_csv(lines[static_cast<std::size_t>(i) + 1]);
    ASSERT_TRUE(fields);
    EXPECT_EQ(parse_integer((*fields)[0]), 1'790'000'000'000'000 + 100'000 * i);
    EXPECT_EQ(parse_number((*fields)[6]), 1000.1 + 10.0 * i);
  }
}

TEST(ExportCsv, KeepsHostileNamesInTheirField) {
  TraceInfo info;
  info.end = info.begin + Micros(1);
  Channel channel = sample_channel("a,\"b\"\nc", Measure::kPower, Rule::kTrapezoid);
  StoredRun run;
  auto trace = std::make_unique<MemoryTrace>(info, std::vector<Channel>{channel});
  trace->add({info.begin, 1, 0, 0, false});
  run.trace = std::move(trace);
  std::ostringstream out;

  ASSERT_TRUE(export_csv(run, out));

  const std::string text = out.str();
  const auto fields = split_csv(split(text, '\n')[1]);
  ASSERT_TRUE(fields);
  ASSERT_EQ(fields->size(), 14u);
  EXPECT_EQ((*fields)[2], "a,\"b\"\\x0ac");
}

TEST(ExportCsv, SaysInEveryRowWhatIsFlagged) {
  std::ostringstream out;

  ASSERT_TRUE(export_csv(sample_run(2, 2, {"simulated", "mig-parent"}), out));

  const std::string text = out.str();
  std::size_t flagged = 0;
  for (const std::string_view line : split(text, '\n'))
    flagged += line.ends_with(",nvml,simulated;mig-parent");
  EXPECT_EQ(flagged, 21u);
}

TEST(ExportCsv, SaysThatTheDiskIsFull) {
  std::ostringstream out;
  out.setstate(std::ios::badbit);

  EXPECT_FALSE(export_csv(sample_run(1, 1), out));
}

TEST(ExportJson, HoldsTheAccountAndEverySample) {
  const StoredRun run = sample_run(2, 1);
  std::ostringstream out;

  const auto done = export_json(run, out);

  ASSERT_TRUE(done) << done.error().message;
  const auto json = nlohmann::json::parse(out.str());
  EXPECT_EQ(json["schema"], "joulery/export/1");
  EXPECT_EQ(json["run"]["schema"], "joulery/run/1");
  ASSERT_EQ(json["channels"].size(), 2u);
  const auto& counter = json["channels"][0];
  EXPECT_EQ(counter["id"], "gpu/0/energy");
  EXPECT_EQ(counter["unit"], "J");
  for (const char* column : {"time_us", "value", "half_width_us", "restart"})
    EXPECT_EQ(counter[column].size(), 21u);
  EXPECT_EQ(counter["time_us"][20], 1'790'000'002'000'000);
  EXPECT_EQ(counter["value"][0], 1000.1);
  EXPECT_EQ(counter["restart"][0], 1);
  EXPECT_EQ(json["channels"][1]["value"].size(), 11u);
}

}  // namespace
}  // namespace joulery
