// coverage: whole sweeps, from the order of the runs through their records to the choice, over
// jobs on the stand-in's board: do the promises of docs/policies.md hold?
#include <gtest/gtest.h>

#include "control/fake_machine.h"
#include "coverage/promises.h"
#include "coverage/standin_job.h"

namespace joulery::coverage {
namespace {

using Random = std::mt19937_64;
constexpr double kFound = 400;

double normal(Random& random, double sd) { return std::normal_distribution<double>(0, sd)(random); }

/// What stands between the physics and the record: scatter of each run, a machine that drifts, a
/// sensor with a gain, and a little more of it for each cap (Yang, Adamek, Armour, SC24, arXiv
/// 2312.02741: 5 %; 0.2 to 0.3 % between workloads).
class Machine {
 public:
  Machine(const StandinJob& job, Random& random)
      : job_(job), random_(random), gain_(1 + normal(random, 0.05)), slope_(normal(random, 0.01)) {}

  FakeRun run(double cap, int number) {
    constexpr double kScatter = 0.01;
    constexpr double kRuns = 30;  // over which the slope is reached
    const double begin = std::uniform_real_distribution<double>(0, 1e5)(random_);
    const StandinJob::Run made = job_.run(cap, begin);
    const auto [at, is_new] = at_cap_.try_emplace(cap, 0);
    if (is_new) at->second = 1 + normal(random_, 0.003);
    FakeRun run;
    run.time_s = made.time_s * std::exp(slope_ * number / kRuns + normal(random_, kScatter));
    run.power_w =
        made.energy_j / made.time_s * gain_ * at->second * std::exp(normal(random_, kScatter));
    run.throttle_share = made.throttle_share;
    return run;
  }

 private:
  const StandinJob& job_;
  Random& random_;
  double gain_, slope_;
  std::map<double, double> at_cap_;
};

/// As `joulery sweep --caps ... --max-slowdown ...` makes it: without --repeat.
Result<Sweep> sweep_over(const StandinJob& job, double bound, Random& random) {
  FakeMachine fake;
  fake.found[0].most = fake.found[0].default_limit = Watts(kFound);
  fake.found[0].requested = fake.found[0].enforced = Watts(kFound);
  fake.limits[0] = kFound;
  Machine machine(job, random);
  fake.job = [&](double cap, int number) { return machine.run(cap, number); };
  FakeCaps caps(fake);
  FakeSeries series(fake);
  FakeStore store;
  SweepOptions options;
  options.caps = {{100}, {150}, {200}, {250}, {300}, {350}};
  options.cool_down = Seconds(0);
  options.seed = random() >> 1U;
  options.job.command = {"train"};
  options.rules.max_slowdown = bound;
  return run_sweep(options, {caps, series, store, {}});
}

PromisesByModel run_many(int sweeps, double bound, const Recommend& recommend = as_recommended) {
  Random random(20261125);
  PromisesByModel kept;
  for (int i = 0; i < sweeps; ++i) {
    const auto model = static_cast<StandinJob::Model>(i % StandinJob::kModels);
    const StandinJob job(model, random);
    const auto done = sweep_over(job, bound, random);
    if (!done || !done->choice) {
      ADD_FAILURE() << (done ? done->no_choice : done.error().message);
      return kept;
    }
    Promises one;
    one.count(*done->choice, job.truth(kFound), bound, recommend);
    kept.add(StandinJob::name_of(model), one);
  }
  kept.print();
  return kept;
}

void expect_all(const PromisesByModel& kept) {
  EXPECT_GE(kept.all.time_share(), 0.93);
  EXPECT_LE(kept.all.time_share(), 0.97);
  EXPECT_GE(kept.all.energy_share(), 0.93);
  EXPECT_LE(kept.all.energy_share(), 0.97);
  EXPECT_GE(kept.all.saving, kOfOracle * kept.all.oracle);
}

// 6 caps of 250 sweeps a model that share their baselines: 1 % either way is three standard
// deviations.
TEST(StandinSweeps, KeepTheirPromisesUnderABoundOfFivePercent) {
  const PromisesByModel kept = run_many(1000, 0.05);

  expect_promises(kept, 0.92, 0.98);
  expect_all(kept);
}

TEST(StandinSweeps, KeepTheirPromisesUnderABoundOfTenPercent) {
  const PromisesByModel kept = run_many(1000, 0.10);

  expect_promises(kept, 0.92, 0.98);
  expect_all(kept);
}

TEST(StandinSweeps, AlwaysTheFoundLimitFails) {
  const PromisesByModel kept = run_many(200, 0.10, always_found);

  EXPECT_GT(kept.all.oracle, 0);
  EXPECT_LT(kept.all.saving, kOfOracle * kept.all.oracle);
}

// Prints the table of docs/policies.md.
TEST(StandinSweepsLong, KeepTheirPromises) {
  for (const double bound : {0.05, 0.10}) {
    std::printf("bound %g %%\n", 100 * bound);
    const PromisesByModel kept = run_many(10'000, bound);

    expect_promises(kept, 0.93, 0.97);
    expect_all(kept);
  }
}

}  // namespace
}  // namespace joulery::coverage
