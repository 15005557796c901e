// ledger: a directory of its own for each test, and a short run to put there.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "joulery/ledger.h"

namespace joulery {

class TempHome : public testing::Test {
 protected:
  TempHome() {
    std::string name = testing::TempDir() + "joulery_ledger_XXXXXX";
    home_ = ::mkdtemp(name.data());
    ledger_ = std::move(*open_ledger(home_));
  }
  ~TempHome() override { std::filesystem::remove_all(home_); }

  std::string home_;
  std::unique_ptr<Ledger> ledger_;
};

/// One counter that rises by 100 W for ten seconds.
inline MemoryTrace short_trace() {
  TraceInfo info;
  info.begin = Instant(Micros(5'000'000));
  info.end = info.begin + Micros(10'000'000);
  info.wall_begin = WallTime(Micros(1'790'000'000'000'000));
  Channel channel;
  channel.id = "gpu/GPU-1/board/energy";
  channel.component = "gpu/GPU-1/board";
  channel.kind = ComponentKind::kGpu;
  channel.measure = Measure::kEnergy;
  channel.rule = Rule::kCounter;
  channel.source = "nvml-counter";
  channel.resolution = 1e-3;
  channel.update_period = Seconds(0.1);
  MemoryTrace trace(info, {channel});
  for (int i = 0; i <= 100; ++i)
    trace.add({info.begin + Micros(100'000 * i), 10.0 * i, 50, 0, false});
  return trace;
}

inline Job job_named(const std::string& name) {
  Job job;
  job.name = name;
  job.project = "thesis";
  job.command = {"python", "train.py"};
  job.host = "node7";
  job.tags = {{"lr", "3e-4"}};
  job.exit_status = 0;
  return job;
}

}  // namespace joulery
