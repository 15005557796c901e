// report: short runs with known power, for tests of exports and plots.
#pragma once

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "joulery/ledger.h"

namespace joulery {

inline Channel sample_channel(const std::string& component, Measure measure, Rule rule) {
  Channel channel;
  channel.id = component + (measure == Measure::kEnergy ? "/energy" : "/power");
  channel.component = component;
  channel.kind = ComponentKind::kGpu;
  channel.measure = measure;
  channel.rule = rule;
  channel.source = "nvml";
  channel.model = "A, \"B\"";
  channel.resolution = 1e-3;
  channel.update_period = Seconds(0.1);
  return channel;
}

/// `seconds` at 10 Hz: the counter of gpu/0 rises by 100 W, the power of gpu/1 is 50 W; its reads
/// stop at `until`, and it has the flags.
inline StoredRun sample_run(int seconds, int until, const std::vector<std::string>& flags = {}) {
  TraceInfo info;
  info.begin = Instant(Micros(7'000'000));
  info.end = info.begin + Micros(1'000'000) * seconds;
  info.wall_begin = WallTime(Micros(1'790'000'000'000'000));
  std::vector<Channel> channels = {sample_channel("gpu/0", Measure::kEnergy, Rule::kCounter),
                                   sample_channel("gpu/1", Measure::kPower, Rule::kTrapezoid)};
  channels[1].flags = flags;
  auto trace = std::make_unique<MemoryTrace>(info, std::move(channels));
  for (int i = 0; i <= 10 * seconds; ++i) {
    const Instant time = info.begin + Micros(100'000) * i;
    trace->add({time, 1000.1 + 10.0 * i, 25, 0, i == 0});
    if (i <= 10 * until) trace->add({time, 50.0, 30, 1, false});
  }
  StoredRun run;
  run.job.id = "20261125T153412-k3x9qa";
  run.trace = std::move(trace);
  return run;
}

}  // namespace joulery
