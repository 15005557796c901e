// standin: the simulated physics keeps its own laws: totals are integrals, a cap binds, time
// stretches.
#include <gmock/gmock.h>

#include <cmath>

#include "standin/machine.h"

namespace joulery::standin {
namespace {

std::unique_ptr<Machine> exact_machine(const std::string& text) {
  std::string error;
  const auto config = parse_config("clock=virtual;gain=1;offset=0;noise=0;" + text, error);
  EXPECT_TRUE(config) << error;
  auto machine = Machine::open(*config, error);
  EXPECT_TRUE(machine) << error;
  return machine;
}

/// Sum of power in small steps: slow, and knows nothing of the tables.
double integrate(const Gpu& gpu, double from, double to, int steps) {
  const double dt = (to - from) / steps;
  double sum = 0;
  for (int i = 0; i < steps; ++i) sum += gpu.power_w(from + (i + 0.5) * dt) * dt;
  return sum;
}

TEST(StandinPhysics, EnergyIsTheIntegralOfPowerForEveryLoad) {
  for (const std::string load :
       {"idle", "constant:level=300", "square:period=0.37,duty=0.3,low=60,high=350,phase=0.1",
        "ramp:period=3,low=20%,high=90%", "train:period=0.21,low=90,high=380,noise=0.2"}) {
    const auto machine = exact_machine("model=A100;load=" + load);
    const Gpu& gpu = machine->gpu(0);

    const double exact = gpu.energy_j(-1.7, 11.9);

    EXPECT_NEAR(exact, integrate(gpu, -1.7, 11.9, 200'000), 1e-4 * exact) << load;
  }
}

TEST(StandinPhysics, ConstantLoadDrawsWhatItAsksFor) {
  const auto machine = exact_machine("model=A100;load=constant:level=300");

  EXPECT_NEAR(machine->gpu(0).energy_j(10, 20), 3000, 1e-9);
}

TEST(StandinPhysics, CapHoldsPowerAndSlowsWork) {
  const auto machine = exact_machine("model=A100;load=constant:level=380,compute=0.8");
  Gpu& gpu = machine->gpu(0);

  gpu.set_limit(100, 250);

  EXPECT_NEAR(gpu.power_w(50), 380, 1e-9);
  EXPECT_NEAR(gpu.power_w(150), 250, 1e-6);
  const double work_before = gpu.totals(90).work_s - gpu.totals(80).work_s;
  const double work_after = gpu.totals(190).work_s - gpu.totals(180).work_s;
  EXPECT_NEAR(work_before, 10, 1e-9);
  const double clock = gpu.clock(150);
  EXPECT_LT(clock, 1);
  EXPECT_NEAR(work_after, 10 / (0.2 + 0.8 / clock), 1e-6);
  EXPECT_NEAR(gpu.totals(200).throttled_s, 100, 1e-6);
}

TEST(StandinPhysics, EnergyIsContinuousWhereTheLimitChanges) {
  const auto machine = exact_machine("model=A100;load=square:period=0.7,low=100,high=390");
  Gpu& gpu = machine->gpu(0);
  const double before = gpu.totals(33.3).energy_j;

  gpu.set_limit(33.3, 200);
  gpu.set_limit(44.4, 150);

  EXPECT_NEAR(gpu.totals(33.3).energy_j, before, 1e-6);
  EXPECT_NEAR(gpu.energy_j(30, 50), integrate(gpu, 30, 50, 200'000), 0.5);
}

TEST(StandinPhysics, CapAboveTheDrawChangesNothing) {
  const auto machine = exact_machine("model=A100;load=constant:level=200");
  Gpu& gpu = machine->gpu(0);

  gpu.set_limit(10, 250);

  EXPECT_DOUBLE_EQ(gpu.power_w(20), 200);
  EXPECT_DOUBLE_EQ(gpu.totals(20).throttled_s, 0);
}

TEST(StandinPhysics, ALockedClockSavesPowerSlowsWorkAndIsNoThrottling) {
  const auto machine = exact_machine("model=A100;load=constant:level=300,compute=0.8");
  Gpu& gpu = machine->gpu(0);

  gpu.set_lock(100, 0.8);
  gpu.set_lock(200, 1);

  EXPECT_NEAR(gpu.power_w(150), gpu.model().physics.power(300, 0.8), 1e-9);
  EXPECT_LT(gpu.power_w(150), 250);
  EXPECT_NEAR(gpu.totals(190).work_s - gpu.totals(180).work_s, 10 / (0.2 + 0.8 / 0.8), 1e-6);
  EXPECT_NEAR(gpu.power_w(250), 300, 1e-9);
  EXPECT_NEAR(gpu.totals(250).throttled_s, 0, 1e-9);
}

TEST(StandinPhysics, PowerRisesWithTheClockAndFasterAboveTheKnee) {
  const Physics physics{.idle_w = 50};
  const double low = physics.power(400, 0.4) - physics.power(400, 0.3);
  const double high = physics.power(400, 1.0) - physics.power(400, 0.9);

  EXPECT_GT(low, 0);
  EXPECT_GT(high, 2 * low);
  EXPECT_DOUBLE_EQ(physics.power(400, 1), 400);
}

TEST(StandinPhysics, OldSettingsAreForgottenButTotalsAreNot) {
  const auto machine = exact_machine("model=A100;load=constant:level=390");
  Gpu& gpu = machine->gpu(0);

  double expected = 0;
  for (int i = 1; i <= 40; ++i) {
    expected += (i == 1 ? 390 : (i % 2 == 1 ? 300 : 200)) * 10.0;
    gpu.set_limit(i * 10, i % 2 == 0 ? 300 : 200);
  }

  EXPECT_NEAR(gpu.totals(400).energy_j, expected, 1e-3);
}

TEST(StandinConfig, NamesWhatItCannotRead) {
  for (const std::string text :
       {"gpus=-1", "gpus=x", "model=Z9", "load=square:perod=1", "load=jump", "fault=boom",
        "load.9=idle", "seed=1x", "loud", "gain.0=a", "clock=sun", "counter=half", "gain=nan",
        "pcie_ms=inf", "load=square:period=inf", "load=constant:level=1e300",
        "fault=slow:ms=1e300"}) {
    std::string error;
    EXPECT_FALSE(parse_config(text, error)) << text;
    EXPECT_THAT(error, testing::HasSubstr(text.substr(0, 4)));
  }
}

TEST(StandinConfig, GivesEachGpuItsOwn) {
  std::string error;
  const auto config =
      parse_config("gpus=3;model=H100;model.1=V100;load=idle;load.2=constant:level=50%", error);

  ASSERT_TRUE(config) << error;
  ASSERT_EQ(config->gpus.size(), 3u);
  EXPECT_EQ(config->gpus[0].model, "H100");
  EXPECT_EQ(config->gpus[1].model, "V100");
  EXPECT_EQ(config->gpus[1].load.kind, "idle");
  EXPECT_EQ(config->gpus[2].load.kind, "constant");
}

}  // namespace
}  // namespace joulery::standin
