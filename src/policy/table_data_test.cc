// policy: every recorded group of JOULERY_TEST_DATA/cap_sweeps against an optimum that is found
// here by itself, from the text of the files.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "joulery/policy.h"

namespace joulery {
namespace {

struct Row {
  double cap, time, energy, power;
};
using Rows = std::vector<Row>;

class RecordedSweeps : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const char* data = std::getenv("JOULERY_TEST_DATA");
    if (data == nullptr) GTEST_SKIP() << "JOULERY_TEST_DATA names no folder of recorded sweeps";
    folder_ = std::string(data) + "/cap_sweeps/";
  }

  /// dataset,network,batch_size,optimizer,power_limit,time_per_epoch,average_power
  [[nodiscard]] std::map<std::string, Rows> rows_of_file() const {
    std::map<std::string, Rows> groups;
    std::ifstream in(folder_ + GetParam());
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line)) {
      std::istringstream fields(line);
      std::string key, word;
      for (int i = 0; i < 4 && std::getline(fields, word, ','); ++i) key += word + "/";
      Row row{};
      char comma = 0;
      fields >> row.cap >> comma >> row.time >> comma >> row.power;
      row.energy = row.time * row.power;
      groups[key].push_back(row);
    }
    return groups;
  }

  std::string folder_;
};

std::string key_of(const CapGroup& group) {
  std::string key;
  for (const auto& [column, value] : group.key) key += value + "/";
  return key;
}

Row highest_cap(const Rows& rows) {
  Row highest = rows.front();
  for (const Row& row : rows)
    if (row.cap > highest.cap) highest = row;
  return highest;
}

double optimum(const Rows& rows, std::optional<double> bound) {
  const Row base = highest_cap(rows);
  Row best = base;
  for (const Row& row : rows) {
    if (bound && row.time > base.time * (1 + *bound)) continue;
    if (row.energy < best.energy || (row.energy == best.energy && row.time < best.time)) best = row;
  }
  return best.cap;
}

TEST_P(RecordedSweeps, TheRecommendedCapIsTheTablesOwnOptimum) {
  auto expected = rows_of_file();
  const auto groups = load_cap_table(folder_ + GetParam(), {});
  ASSERT_TRUE(groups) << groups.error().message;
  ASSERT_EQ(groups->size(), expected.size());

  for (const CapGroup& group : *groups)
    for (const std::optional<double> bound :
         {std::optional<double>(), std::optional(0.05), std::optional(0.10)}) {
      const auto choice = choose_cap(group, {.max_slowdown = bound});
      ASSERT_TRUE(choice) << choice.error().message;
      EXPECT_EQ(choice->points[*choice->recommended].cap.count(),
                optimum(expected[key_of(group)], bound))
          << key_of(group) << " bound " << bound.value_or(-1);
    }
}

TEST_P(RecordedSweeps, InertAreThoseThatDrawLessThanTheLowestCap) {
  auto expected = rows_of_file();
  const auto groups = load_cap_table(folder_ + GetParam(), {});
  ASSERT_TRUE(groups) << groups.error().message;

  int inert = 0;
  for (const CapGroup& group : *groups) {
    const Rows& rows = expected[key_of(group)];
    double lowest = rows.front().cap;
    for (const Row& row : rows) lowest = std::min(lowest, row.cap);
    const auto choice = choose_cap(group, {});
    ASSERT_TRUE(choice);
    EXPECT_EQ(choice->cap_inert, highest_cap(rows).power < lowest) << key_of(group);
    inert += choice->cap_inert ? 1 : 0;
  }
  EXPECT_EQ(inert, std::string(GetParam()).find("v100") == std::string::npos ? 15 : 21);
}

TEST_P(RecordedSweeps, RowsAboveTheirCapAndMissingCapsAreTold) {
  int above = 0, told_above = 0, told_missing = 0;
  for (const auto& [key, rows] : rows_of_file())
    for (const Row& row : rows) above += row.power > row.cap && row.cap < highest_cap(rows).cap;
  const auto groups = load_cap_table(folder_ + GetParam(), {});
  ASSERT_TRUE(groups);

  for (const CapGroup& group : *groups) {
    const auto choice = choose_cap(group, {});
    ASSERT_TRUE(choice);
    for (const std::string& note : choice->notes) {
      told_above += note.find("above the cap") != std::string::npos ? 1 : 0;
      told_missing += note.starts_with("missing caps") ? 1 : 0;
    }
  }

  EXPECT_EQ(told_above, above);
  EXPECT_EQ(told_missing, std::string(GetParam()).find("v100") == std::string::npos ? 6 : 0);
}

INSTANTIATE_TEST_SUITE_P(Zeus, RecordedSweeps,
                         testing::Values("summary_power_v100.csv", "summary_power_a40.csv"));

class RecordedWindows : public RecordedSweeps {};

// By hand from the files: the caps of least energy, and how many boards the names hold.
TEST_P(RecordedWindows, AreReadWithAllTheirDevices) {
  const std::map<std::string, std::pair<double, int>> expected = {
      {"V100+resnet50+gpu0.csv", {150, 1}},
      {"V100+resnet50+gpu0,1.csv", {125, 2}},
      {"A40+resnet50+gpu0.csv", {175, 1}},
      {"A40+resnet50+gpu0,1,2,3.csv", {100, 4}}};
  const auto& [cap, devices] = expected.at(GetParam());

  const auto groups = load_cap_table(folder_ + GetParam(), {});

  ASSERT_TRUE(groups) << groups.error().message;
  ASSERT_EQ(groups->size(), 1u);
  EXPECT_EQ(groups->front().devices, devices);
  const auto choice = choose_cap(groups->front(), {});
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->points[*choice->recommended].cap, Watts(cap));
  EXPECT_FALSE(choice->cap_inert);  // the draw is that of one board
}

INSTANTIATE_TEST_SUITE_P(Zeus, RecordedWindows,
                         testing::Values("V100+resnet50+gpu0.csv", "V100+resnet50+gpu0,1.csv",
                                         "A40+resnet50+gpu0.csv", "A40+resnet50+gpu0,1,2,3.csv"));

}  // namespace
}  // namespace joulery
