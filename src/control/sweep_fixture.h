// control: a sweep of three caps on the machine of fake_machine.h.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "control/fake_machine.h"
#include "joulery/control.h"

namespace joulery {

/// A job of which a part waits for the clock; the best cap for its energy is 150 W of the three.
inline FakeRun compute_bound(double cap, int) {
  const double clock =
      std::min(1.0, std::cbrt((cap - 50) / 200));  // 50 W idle, 200 W at full clock
  FakeRun run;
  run.time_s = 100 * (0.5 + 0.5 / clock);
  run.power_w = std::min(cap, 250.0);
  run.throttle_share = cap < 250 ? 0.9 : 0;
  return run;
}

// Steps that scatter by 3 % in a pattern of their own, the same in every test.
inline FakeRun noisy_steps(double cap, int run) {
  FakeRun noisy = compute_bound(cap, run);
  noisy.time_s *= 1 + 0.03 * std::sin(7.0 * run * run);
  return noisy;
}

class Sweeping : public testing::Test {
 protected:
  Sweeping() {
    options.caps = {{200}, {150}, {100}};
    options.repeat = 3;
    options.cool_down = Seconds(0);
    options.seed = 17;
    options.job.command = {"train"};
    options.job.name = "train";
    machine.job = compute_bound;
  }
  Sweep sweep() {
    auto done = run_sweep(options, {caps, series, store, {}});
    EXPECT_TRUE(done) << done.error().message;
    return done ? std::move(*done) : Sweep{};
  }
  Error failure() {
    auto done = run_sweep(options, {caps, series, store, {}});
    EXPECT_FALSE(done);
    return done ? Error{} : done.error();
  }
  int runs_made() const { return machine.runs; }

  FakeMachine machine;
  FakeCaps caps{machine};
  FakeSeries series{machine};
  FakeStore store;
  SweepOptions options;
};

inline const CapPoint& point_at(const Sweep& sweep, double cap) {
  for (const CapPoint& point : sweep.choice->points)
    if (point.cap.count() == cap) return point;
  ADD_FAILURE() << "no point at " << cap;
  return sweep.choice->points.at(0);
}

}  // namespace joulery
