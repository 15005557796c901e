// account: recordings of real boards under loads of known shape, tests/fixtures/machines/README.md.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <vector>

#include "account/account_fixture.h"
#include "base/text.h"
#include "joulery/trace.h"

namespace joulery {
namespace {

using account::MadeTrace;
using testing::Contains;
using testing::IsEmpty;
using testing::Not;

const std::string kMachines = JOULERY_SOURCE_DIR "/tests/fixtures/machines/";
const std::string kH100 = "h100-sxm-580.159/";
const std::string kH200 = "h200-580.159/";

struct Row {
  double time, energy, instant, average;  // s, J, W
};

std::vector<Row> read_rows(const std::string& name) {
  std::ifstream file(kMachines + name);
  std::vector<Row> rows;
  std::string line;
  std::getline(file, line);
  EXPECT_EQ(line.substr(0, 38), "t_s,energy_mj,instant_mw,average_mw,pl") << name;
  while (std::getline(file, line)) {
    const auto cells = split(line, ',');
    const auto cell = [&](std::size_t i) { return parse_number(cells.at(i)).value(); };
    rows.push_back({cell(0), cell(1) / 1e3, cell(2) / 1e3, cell(3) / 1e3});
  }
  return rows;
}

/// What a recording says of the time from `skip` s after its first row to `leave` s before its
/// last: the load was then at work. Channels as the sensor makes them for such a board.
enum class Base { kCounter, kInstant };
Account account_of_recording(const std::string& name, Base base = Base::kCounter, double skip = 2.5,
                             double leave = 0.5) {
  const std::vector<Row> rows = read_rows(name);
  const double begin = rows.front().time + skip;
  const double length = rows.back().time - leave - begin;
  MadeTrace made(length, 0.01);
  Channel energy = account::energy_channel("gpu/0/board");
  Channel instant = account::power_channel("gpu/0/board");
  instant.averaging = Seconds(0.025);
  instant.duty = 0.25;
  for (Channel* const channel : {&energy, &instant}) {
    channel->accuracy.gain_u = 0.05;
    channel->accuracy.offset_u = Watts(2.9);
  }
  energy.preferred = base == Base::kCounter;
  instant.preferred = !energy.preferred;
  const auto add = [&](const Channel& channel, double Row::*value) {
    made.add_empty(channel);
    for (const Row& row : rows) made.sample(row.time - begin, row.*value);
  };
  if (base == Base::kCounter) add(energy, &Row::energy);
  add(instant, &Row::instant);
  return account_of(made);
}

double mean_watts(const Account& account) {
  return account.components.at(0).mean_power.value.value().count();
}

/// The lowest and the highest mean power over recordings that differ by their phase alone.
std::pair<double, double> span_of(const std::string& machine, int step, Base base) {
  double low = 1e9, high = 0;
  for (int phase = 0; phase < 100; phase += step) {
    const double watts =
        mean_watts(account_of_recording(machine + "half_" + std::to_string(phase) + ".csv", base));
    low = std::min(low, watts);
    high = std::max(high, watts);
  }
  return {low, high};
}

// 50 ms of work in every 100 ms, begun every `step` ms of the sensor's own 100 ms. The load is the
// same each time: what moves is what the sensor does not see. The counter stays `within`; the
// readings go `beyond` on both sides.
void expect_spans(const std::string& machine, int step, std::pair<double, double> within,
                  std::pair<double, double> beyond) {
  const auto [low, high] = span_of(machine, step, Base::kCounter);
  EXPECT_GT(low, within.first);
  EXPECT_LT(high, within.second);

  const auto [least, most] = span_of(machine, step, Base::kInstant);
  EXPECT_LT(least, beyond.first);
  EXPECT_GT(most, beyond.second);
}

TEST(RecordedBoard, TheCounterOfAnH100SeesAllOfALoadLockedToItsSensor) {
  expect_spans(kH100, 10, {485, 555}, {200, 750});
}

TEST(RecordedBoard, SoDoesTheCounterOfAnH200) { expect_spans(kH200, 20, {440, 460}, {200, 500}); }

// 10 ms of work in every 100.5 ms: a sensor of 25 ms sees a pulse or does not.
TEST(RecordedBoard, TheCounterSeesPulsesThatTheSensorMisses) {
  const std::vector<Row> rows = read_rows(kH100 + "pulse10_100.5.csv");
  // As bench/gpu/compare.py: by then the load has begun.
  const double begin = rows.front().time + 2.5, end = rows.back().time - 0.5;
  double low = 1e9, high = 0, first = 0, last = 0;
  for (const Row& row : rows) {
    if (row.time < begin || row.time > end) continue;
    low = std::min(low, row.instant);
    high = std::max(high, row.instant);
    if (first == 0) first = row.energy;
    last = row.energy;
  }
  EXPECT_LT(low, 150);
  EXPECT_GT(high, 300);
  const double whole = mean_watts(account_of_recording(kH100 + "pulse10_100.5.csv"));
  EXPECT_NEAR(whole, 209, 5);
  EXPECT_NEAR(whole, (last - first) / (end - begin), 3);
}

TEST(RecordedBoard, ALoadThatTheSensorMissesIsToldBesideTheCounter) {
  const Account account = account_of_recording(kH100 + "half_70.csv");

  EXPECT_NEAR(mean_watts(account), 529, 10);
  EXPECT_THAT(account.components[0].flags, Contains("aliased"));
}

TEST(RecordedBoard, CounterAndPowerAgreeWhereTheLoadIsSlow) {
  for (const char* const name : {"idle.csv", "slow_4000.csv"}) {
    const Account account = account_of_recording(kH100 + name);
    const ComponentAccount& board = account.components.at(0);

    EXPECT_THAT(board.flags, Not(Contains("sensor_disagree"))) << name;
    ASSERT_TRUE(board.cross_check) << name;
    EXPECT_NEAR(board.cross_check->count() / joules(board.energy), 1, 0.01) << name;
  }
}

// A record as `joulery run` wrote it on that machine: twenty seconds of training, in phases.
TEST(RecordedBoard, ARecordOfATrainingIsReadAndAccountedFor) {
  const auto trace = load_record(kMachines + kH100 + "train.jrun");
  ASSERT_TRUE(trace) << trace.error().message;
  const auto account = make_account(**trace, Job{}, Place{});
  ASSERT_TRUE(account) << account.error().message;

  ASSERT_EQ(account->components.size(), 3U);
  const ComponentAccount& board = account->components[0];
  EXPECT_EQ(board.model, "NVIDIA H100 80GB HBM3");
  EXPECT_NEAR(joules(board.energy), 13'280, 15);
  EXPECT_NEAR(board.cross_check.value().count() / joules(board.energy), 1, 0.02);
  EXPECT_NEAR(board.energy.u.count() / joules(board.energy), 0.05, 0.002);
  ASSERT_EQ(account->phases.size(), 3U);
  EXPECT_EQ(account->phases[2].name, "train");
}

}  // namespace
}  // namespace joulery
