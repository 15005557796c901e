// policy: tables of caps as people and tools write them, good and bad.
#include "policy/table.h"

#include <gtest/gtest.h>

namespace joulery {
namespace {

std::vector<CapGroup> groups_of(const std::string& text, const std::vector<std::string>& by = {}) {
  auto groups = read_cap_table(text, "t.csv", by);
  EXPECT_TRUE(groups) << groups.error().message;
  return groups ? *std::move(groups) : std::vector<CapGroup>{};
}

Error error_of(const std::string& text, const std::vector<std::string>& by = {}) {
  const auto groups = read_cap_table(text, "t.csv", by);
  EXPECT_FALSE(groups) << text;
  return groups ? Error{} : groups.error();
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

using Key = std::vector<std::pair<std::string, std::string>>;

TEST(CapTable, GroupsByWhatIsNotMeasured) {
  const auto groups = groups_of(
      "network,batch,power_limit,time_per_epoch,average_power,sm_clock\n"
      "a,8,100,20,90,1000\n"
      "b,8,100,30,80,1000\n"
      "a,8,150,10,140,1200\n");

  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].key, (Key{{"network", "a"}, {"batch", "8"}}));
  ASSERT_EQ(groups[0].rows.size(), 2u);
  EXPECT_EQ(groups[0].rows[0].cap, Watts(100));
  EXPECT_EQ(groups[0].rows[0].time, Seconds(20));
  EXPECT_EQ(groups[0].rows[0].energy, Joules(1800));
  EXPECT_EQ(groups[1].notes,
            std::vector<std::string>{"missing caps, which other groups have: 150 W"});
}

TEST(CapTable, GroupsByTheColumnsAskedFor) {
  const auto groups = groups_of(
      "Network,seed,cap_w,duration_s,energy_j\n"
      "a,1,100,20,100\n"
      "a,2,100,22,120\n",
      {"network"});

  ASSERT_EQ(groups.size(), 1u);
  EXPECT_EQ(groups[0].key, (Key{{"Network", "a"}}));
  EXPECT_EQ(groups[0].rows[0].time, Seconds(21));
  EXPECT_EQ(groups[0].rows[0].energy, Joules(110));
  EXPECT_EQ(groups[0].rows[0].rows, 2u);
  EXPECT_EQ(groups[0].notes, std::vector<std::string>{"several rows averaged: 100 W (2)"});
}

TEST(CapTable, EnergyCountsMoreThanPower) {
  const auto groups = groups_of("cap_w,time,power_w,energy\n100,10,50,700\n");
  EXPECT_EQ(groups.at(0).rows[0].energy, Joules(700));
}

TEST(CapTable, UnitsFollowTheHeading) {
  const auto groups = groups_of("cap_w,time_ms,energy_kWh\n100,2000,0.5\n");
  EXPECT_EQ(groups.at(0).rows[0].time, Seconds(2));
  EXPECT_EQ(groups.at(0).rows[0].energy, Joules(1.8e6));
  EXPECT_TRUE(has(error_of("cap_w,time_min,energy\n100,1,1\n").message, "two units"));
  EXPECT_TRUE(has(error_of("cap_w,time,energy_mj\n100,1,1\n").message, "two units"));
}

TEST(CapTable, UnitsMayBeSpelledOut) {
  const auto row = groups_of("cap_w,time_minutes,energy_kilowatt_hours\n100,5,0.1\n")[0].rows[0];

  EXPECT_EQ(row.time, Seconds(300));
  EXPECT_DOUBLE_EQ(row.energy.count(), 360e3);
}

TEST(CapTable, SaysThatAPowerBesideAnEnergyContradictsIt) {
  const auto right = groups_of("cap_w,time_s,energy_j,power_w\n100,10,800,78\n");
  const auto wrong = groups_of("cap_w,time_s,energy_j,power_w\n100,10,800,200\n");

  EXPECT_TRUE(right[0].notes.empty());
  ASSERT_EQ(wrong[0].notes.size(), 1u);
  EXPECT_TRUE(has(wrong[0].notes[0], "in 1 rows power times time is another energy"));
  EXPECT_EQ(wrong[0].rows[0].energy, Joules(800));
}

TEST(CapTable, RefusesAColumnOfResultsThatMakesEachRowAJob) {
  const std::string rows = "cap_w,time_s,energy_j,loss\n100,10,800,0.31\n150,9,900,0.32\n";

  const Error error = error_of(rows);

  EXPECT_EQ(error.code, ErrorCode::kInvalid);
  EXPECT_TRUE(has(error.message, "--by")) << error.message;
  EXPECT_TRUE(has(error.message, "loss")) << error.message;
  EXPECT_EQ(groups_of(rows, {"loss"}).size(), 2u) << "who asks for it gets it";
}

TEST(CapTable, ReadsWindowsOfSeveralDevices) {
  const auto groups = groups_of(
      "start_time,window_name,elapsed_time,gpu0_energy,gpu1_energy\n"
      "1.5,__PowerLimit_250,10,2000,2100\n"
      "2.5,__PowerLimit_200,11,1500,1600\n"
      "3.5,__PowerLimit_250,12,2200,2300\n"
      "3.5,warm up,12,2200,2300\n");

  ASSERT_EQ(groups.size(), 1u);
  EXPECT_EQ(groups[0].key, (Key{{"window_name", "__PowerLimit_"}}));
  EXPECT_EQ(groups[0].devices, 2);
  ASSERT_EQ(groups[0].rows.size(), 2u);
  EXPECT_EQ(groups[0].rows[1].cap, Watts(250));
  EXPECT_EQ(groups[0].rows[1].time, Seconds(11));
  EXPECT_EQ(groups[0].rows[1].energy, Joules(4300));
  ASSERT_EQ(groups[0].notes.size(), 2u);
  EXPECT_EQ(groups[0].notes[0], "several rows averaged: 250 W (2)");
  EXPECT_EQ(groups[0].notes[1], "t.csv:5: left out: no cap, time or energy");
}

TEST(CapTable, ReadsQuotesMarksAndLineEndsOfAnySystem) {
  for (const std::string text : {"\xEF\xBB\xBF\"net, work\",cap_w,time,energy\r\n"
                                 "\"a \"\"b\"\", c\",100,1,2\r\n",
                                 "# a comment\n\nnet, cap_w , time ,energy\n x , 100 ,1,2"}) {
    const auto groups = groups_of(text);
    ASSERT_EQ(groups.size(), 1u) << text;
    EXPECT_EQ(groups[0].rows[0].energy, Joules(2));
  }
}

TEST(CapTable, ARowWithoutAMeasurementIsLeftOutAndTold) {
  const auto groups = groups_of(
      "network,cap_w,time,energy\n"
      "a,100,,5\n"
      "a,150,2,5\n"
      "b,150,,\n");

  ASSERT_EQ(groups.size(), 1u);
  EXPECT_EQ(groups[0].rows.size(), 1u);
  ASSERT_EQ(groups[0].notes.size(), 2u);
  EXPECT_EQ(groups[0].notes[0], "t.csv:2: left out: no cap, time or energy");
  EXPECT_EQ(groups[0].notes[1], "t.csv:4: left out: no cap, time or energy");
}

TEST(CapTable, NamesFileLineAndColumnOfWhatIsNoNumber) {
  for (const char* bad : {"nan", "inf", "-inf", "-1", "0", "1e999", "12 W", "x", "1,5"}) {
    const Error error =
        error_of(std::string("cap_w,time,energy\n100,1,1\n150,\"") + bad + "\",1\n");
    EXPECT_EQ(error.code, ErrorCode::kInvalid) << bad;
    EXPECT_TRUE(has(error.message, "t.csv:3: column 2 (time)")) << error.message;
  }
}

TEST(CapTable, RefusesRowsThatDoNotFitTheHeading) {
  const std::string head = "cap_w,time,energy\n";
  EXPECT_TRUE(has(error_of(head + "100,1\n").message, "t.csv:2: 2 columns, not 3"));
  EXPECT_TRUE(has(error_of(head + "100,1,\"1\n").message, "t.csv:2: an open quote"));
  EXPECT_TRUE(has(error_of(head + std::string("100,1,1\0\n", 9)).message, "NUL"));
  EXPECT_TRUE(has(error_of(head + "100,1,1\n100,1,1e309\n").message, "t.csv:3"));
}

TEST(CapTable, RefusesWhatNoCapTimeOrEnergyCanBe) {
  struct BadRow {
    const char *row, *place;
  };
  for (const auto& [row, place] :
       {BadRow{"1e308,1,1", "t.csv:3: column 1 (cap_w): '1e308' is not a cap of 1 W to 100 kW"},
        {"150000,1,1", "column 1 (cap_w): '150000'"},  // mW, as NVML has it
        {"0.9,1,1", "column 1 (cap_w): '0.9'"},
        {"100,1e-300,1", "column 2 (time): '1e-300' is not a time of"},
        {"100,1e300,1", "column 2 (time): '1e300'"},
        {"100,1,1e308", "column 3 (energy): '1e308' is not an energy of"},
        {"100,1,1e-300", "column 3 (energy): '1e-300'"}}) {
    const Error error = error_of(std::string("cap_w,time,energy\n150,1,1\n") + row + "\n");
    EXPECT_EQ(error.code, ErrorCode::kInvalid) << row;
    EXPECT_TRUE(has(error.message, place)) << error.message;
  }
  EXPECT_TRUE(has(error_of("cap_w,time,power_w\n100,1,1e200\n").message, "column 3 (power_w)"));
  EXPECT_TRUE(has(error_of("window_name,time,energy\nlimit_100,1,1\nlimit_900000,1,1\n").message,
                  "t.csv:3: column 1 (window_name): 'limit_900000'"));
}

TEST(CapTable, RefusesRowsOfOneJobThatNoCapTellsApart) {
  const Error error = error_of("cap_w,time,energy\n100,1e-9,1\n150,1e8,1\n");
  EXPECT_TRUE(has(error.message, "t.csv:3: its time is 1e+17 times")) << error.message;
}

TEST(CapTable, CutsLongValuesInMessages) {
  const std::string name = "time_" + std::string(5000, 'n');
  const Error error = error_of("cap_w," + name + ",energy\n100," + std::string(5000, 'x') + ",1\n");
  EXPECT_LT(error.message.size(), 200u);
  const std::string more = "time_" + std::string(5000, 'm');
  EXPECT_LT(error_of("cap_w," + name + "," + more + ",energy\n").message.size(), 200u);
  EXPECT_LT(error_of("cap_w," + name + ",energy\n1,1,1\n", {more}).message.size(), 200u);
}

TEST(CapTable, SaysWhichColumnIsMissing) {
  EXPECT_TRUE(has(error_of("time,energy\n1,1\n").message, "power_limit or cap_w"));
  EXPECT_TRUE(has(error_of("cap_w,energy\n1,1\n").message, "time* or duration_s"));
  EXPECT_TRUE(has(error_of("cap_w,timestamp,energy\n1,1,1\n").message, "time* or duration_s"));
  EXPECT_TRUE(has(error_of("cap_w,time\n1,1\n").message, "average_power"));
  EXPECT_TRUE(has(error_of("cap_w,time_a,time_b,energy\n1,1,1,1\n").message, "time_a, time_b"));
}

TEST(CapTable, RefusesTablesWithoutRows) {
  for (const char* text :
       {"", "\n\n", "# nothing\n", "cap_w,time,energy\n", "cap_w,time,energy\n100,,\n"})
    EXPECT_EQ(error_of(text).code, ErrorCode::kInvalid);
}

TEST(CapTable, AnUnknownColumnIsAMistakeOfTheCommandLine) {
  const Error error = error_of("network,cap_w,time,energy\na,1,1,1\n", {"netwrok"});
  EXPECT_EQ(error.code, ErrorCode::kUsage);
  EXPECT_TRUE(has(error.message, "network")) << error.message;
}

TEST(CapTable, AFileThatIsNotThereIsUnavailable) {
  const auto groups = load_cap_table("/nonexistent/t.csv", {});
  ASSERT_FALSE(groups);
  EXPECT_EQ(groups.error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace joulery
