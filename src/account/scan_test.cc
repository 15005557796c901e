// account: a scan gives the same sums however its samples are cut into blocks.
#include "account/scan.h"

#include <gtest/gtest.h>

#include <random>

#include "account/made_trace.h"

namespace joulery::account {
namespace {

struct Columns {
  std::vector<Instant> time;
  std::vector<std::uint32_t> half_width;
  std::vector<double> value;
  std::vector<std::uint8_t> restart;
};

/// Readings with late ticks, holes, repeats, restarts and, of counters, decreases and spikes.
Columns wild_readings(bool counter, std::mt19937_64& random) {
  Columns columns;
  std::uniform_real_distribution<double> uniform(0, 1);
  double time = -3;
  double joules = 1000;
  while (time < 70) {
    const double chance = uniform(random);
    const double step = chance < 0.01 ? 4 : chance < 0.05 ? 0.3 : 0.1;
    time += step;
    if (counter)
      joules += chance > 0.99 ? 1e6 : chance > 0.98 ? -500 : chance > 0.9 ? 0 : 300 * step;
    columns.time.push_back(at(time));
    columns.half_width.push_back(10);
    columns.value.push_back(counter ? std::max(joules, 0.0) : 100 + 200 * uniform(random));
    columns.restart.push_back(uniform(random) > 0.995 ? 1 : 0);
  }
  return columns;
}

ChannelScan scan_in_blocks(const Columns& columns, const Channel& channel, const Slots& slots,
                           std::size_t length) {
  ChannelScan scan(channel, slots, Seconds(0.1));
  for (std::size_t from = 0; from < columns.time.size(); from += length) {
    const std::size_t n = std::min(length, columns.time.size() - from);
    scan.take(
        {std::span(columns.time).subspan(from, n), std::span(columns.half_width).subspan(from, n),
         std::span(columns.value).subspan(from, n), std::span(columns.restart).subspan(from, n)});
  }
  scan.finish();
  return scan;
}

void expect_same(const ChannelScan& a, const ChannelScan& b, const Slots& slots) {
  for (std::size_t k = 0; k < slots.count(); ++k) {
    EXPECT_NEAR(a.slot(k).joules, b.slot(k).joules, 1e-6) << "slot " << k;
    EXPECT_EQ(a.slot(k).seen_us, b.slot(k).seen_us) << "slot " << k;
    EXPECT_NEAR(a.slot(k).change_sq, b.slot(k).change_sq, 1e-6) << "slot " << k;
    EXPECT_EQ(a.slot(k).steps, b.slot(k).steps) << "slot " << k;
  }
  EXPECT_EQ(a.samples(), b.samples());
  EXPECT_EQ(a.incidents().resets, b.incidents().resets);
  EXPECT_EQ(a.incidents().spikes, b.incidents().spikes);
  EXPECT_EQ(a.incidents().gaps, b.incidents().gaps);
  EXPECT_EQ(a.incidents().frozen_us, b.incidents().frozen_us);
}

TEST(Scan, DoesNotDependOnTheBlocks) {
  std::mt19937_64 random(7);
  MadeTrace made(60);
  made.info().idle_begin = at(-2);
  made.mark(10.03, "a");
  made.mark(10.04, "b");
  made.mark(40, "c");
  const Slots slots = cut_run(made.info());
  for (int trial = 0; trial < 40; ++trial) {
    const bool counter = trial % 2 == 0;
    Channel channel = counter ? energy_channel("gpu/0") : power_channel("gpu/0");
    channel.max_power = Watts(700);
    if (!counter) channel.averaging = Seconds(trial % 4 == 1 ? 0.025 : 1);
    const Columns columns = wild_readings(counter, random);
    // The first block tells the usual spacing of samples, so both scans get one of a sensible
    // length.
    const ChannelScan whole = scan_in_blocks(columns, channel, slots, columns.time.size());
    for (const std::size_t length : {20U, 64U, 333U}) {
      expect_same(whole, scan_in_blocks(columns, channel, slots, length), slots);
    }
  }
}

TEST(Scan, TimeIsSeenOnceAtMost) {
  std::mt19937_64 random(8);
  MadeTrace made(60);
  made.mark(20, "a");
  const Slots slots = cut_run(made.info());
  for (int trial = 0; trial < 40; ++trial) {
    const bool counter = trial % 2 == 0;
    const Channel channel = counter ? energy_channel("gpu/0") : power_channel("gpu/0");
    const ChannelScan scan = scan_in_blocks(wild_readings(counter, random), channel, slots, 50);
    for (std::size_t k = slots.first; k <= slots.last; ++k) {
      EXPECT_LE(scan.slot(k).seen_us, std::llround(slots.length(k).count() * 1e6));
      EXPECT_GE(scan.slot(k).joules, 0);
    }
  }
}

TEST(Slots, MarksCutTheRun) {
  MadeTrace made(10);
  made.mark(-1, "before");
  made.mark(0, "load");
  made.mark(4, "train");
  made.mark(11, "after");

  const Slots slots = cut_run(made.info());

  EXPECT_EQ(slots.names, (std::vector<std::string>{"load", "train"}));
  EXPECT_EQ(slots.begin(), at(0));
  EXPECT_EQ(slots.end(), at(10));
}

}  // namespace
}  // namespace joulery::account
