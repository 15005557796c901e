// Whole sweeps, from the schedule to the choice, over jobs whose truth is known.
#include <gtest/gtest.h>

#include <random>

#include "control/sweep_fixture.h"

namespace joulery {
namespace {

/// Share of the time that the clock does not change, draw at the full clock, scatter of a run.
struct Model {
  const char* name;
  double fixed;
  double draw_w;
  double scatter;
};
constexpr Model kModels[] = {{"compute-bound", 0.1, 250, 0.01},
                             {"memory-bound", 0.9, 250, 0.01},
                             {"below the lowest cap", 0.5, 80, 0.01},
                             {"noisy", 0.5, 250, 0.04}};
constexpr double kIdle = 50;

double clock_at(const Model& model, double cap) {
  return std::min(1.0, std::cbrt((cap - kIdle) / (model.draw_w - kIdle)));
}
double true_time(const Model& model, double cap) {
  return 100 * (model.fixed + (1 - model.fixed) / clock_at(model, cap));
}
double true_energy(const Model& model, double cap) {
  return true_time(model, cap) * std::min(cap, model.draw_w);
}

/// How often promises were kept in virtual sweeps.
struct Tally {
  int sweeps = 0;
  int slower_than_bound = 0;
  int dearer = 0;
  int intervals = 0;
  int covered = 0;

  void count(const Model& model, const Sweep& sweep, double bound) {
    ++sweeps;
    const CapChoice& choice = *sweep.choice;
    const double found = choice.points[choice.baseline].cap.count();
    const double best = choice.points[*choice.recommended].cap.count();
    const double slowdown = true_time(model, best) / true_time(model, found) - 1;
    slower_than_bound += slowdown > bound ? 1 : 0;
    dearer += true_energy(model, best) > true_energy(model, found) * 1.0001 ? 1 : 0;
    for (const CapPoint& point : choice.points) {
      if (point.baseline) continue;
      const double truth =
          100 * (true_energy(model, point.cap.count()) / true_energy(model, found) - 1);
      ++intervals;
      const double off = std::abs(point.energy_change->pct - truth);
      covered += off <= 1.96 * *point.energy_change->u_pct ? 1 : 0;
    }
  }
};

TEST(VirtualSweeps, KeepTheBoundAndCoverTheTruth) {
  constexpr int kSweeps = 200;
  constexpr double kBound = 0.05;
  for (const Model& model : kModels) {
    std::mt19937_64 random(17);
    std::normal_distribution<double> scatter(0, model.scatter);
    Tally tally;
    for (int i = 0; i < kSweeps; ++i) {
      FakeMachine machine;
      machine.job = [&](double cap, int) {
        FakeRun run;
        run.time_s = true_time(model, cap) * (1 + scatter(random));
        run.power_w = std::min(cap, model.draw_w) * (1 + scatter(random) / 4);
        return run;
      };
      FakeCaps caps(machine);
      FakeSeries series(machine);
      FakeStore store;
      SweepOptions options;
      options.caps = {{100}, {150}, {200}};
      options.cool_down = Seconds(0);
      options.seed = static_cast<std::uint64_t>(i);
      options.job.command = {"train"};
      options.rules.max_slowdown = kBound;
      const auto done = run_sweep(options, {caps, series, store, {}});
      ASSERT_TRUE(done && done->choice) << model.name;
      tally.count(model, *done, kBound);
    }
    // 5 % of 200 are 10; 3 standard deviations of such a count are 9.
    EXPECT_LE(tally.slower_than_bound, 19) << model.name;
    EXPECT_LE(tally.dearer, 19) << model.name;
    const double share = static_cast<double>(tally.covered) / tally.intervals;
    EXPECT_GT(share, 0.91) << model.name;
  }
}

}  // namespace
}  // namespace joulery
