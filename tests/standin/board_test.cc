// standin: a board's sensors err as real ones do: they hold, average, look away, and are a little
// wrong.
#include <gmock/gmock.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "standin/machine.h"

namespace joulery::standin {
namespace {

std::unique_ptr<Machine> machine_of(const std::string& text) {
  std::string error;
  const auto config = parse_config("clock=virtual;" + text, error);
  EXPECT_TRUE(config) << error;
  return Machine::open(*config, error);
}

const std::string kExact = "gain=1;offset=0;noise=0;lag=0;";

TEST(StandinBoard, PowerHoldsBetweenUpdates) {
  const auto machine =
      machine_of(kExact + "model=H100;load=train:period=0.13,low=100,high=600,noise=0.3");
  const Gpu& gpu = machine->gpu(0);

  int changes = 0;
  for (int i = 1; i < 10'000; ++i)
    changes += gpu.read_power_w(gpu.model().instant, i * 1e-3) !=
               gpu.read_power_w(gpu.model().instant, (i - 1) * 1e-3);

  EXPECT_LE(changes, 100);  // ten seconds of a sensor with a period of 100 ms
  EXPECT_GE(changes, 80);   // some windows lie in the same pause of the load
}

TEST(StandinBoard, WindowIsTheMeanOfTheTruth) {
  const auto machine =
      machine_of(kExact + "model=A40;load=square:period=0.1,duty=0.5,low=50,high=250");
  const Gpu& gpu = machine->gpu(0);

  // A window as long as the load's period cannot see the load's shape.
  for (int i = 0; i < 100; ++i)
    EXPECT_NEAR(gpu.read_power_w(gpu.model().instant, 10 + i * 0.037), 150, 1e-6);
  EXPECT_NEAR(gpu.read_power_w(*gpu.model().average, 10), 150, 1e-6);
}

TEST(StandinBoard, QuarterWindowSeesOnlyPartOfALockedLoad) {
  const auto machine =
      machine_of(kExact + "model=A100;load=square:period=0.1,duty=0.25,low=60,high=360");
  const Gpu& gpu = machine->gpu(0);

  const double first = gpu.read_power_w(gpu.model().instant, 10);

  EXPECT_GT(std::abs(first - 135), 10);  // the true mean is 0.25 x 360 W + 0.75 x 60 W
  for (int i = 0; i < 50; ++i)
    EXPECT_NEAR(gpu.read_power_w(gpu.model().instant, 10 + i * 0.1), first, 1e-6);
}

TEST(StandinBoard, CounterCountsTheTruthAtItsTicks) {
  const auto machine = machine_of(kExact + "model=A100;load=square:period=1.3,low=60,high=350");
  const Gpu& gpu = machine->gpu(0);

  const double counted =
      1e-3 * static_cast<double>(gpu.read_counter_mj(1000) - gpu.read_counter_mj(400));

  EXPECT_NEAR(counted, gpu.energy_j(400, 1000),
              0.1 * 350);  // at most one tick at each end, which partly cancel
}

TEST(StandinBoard, SampledCounterMissesWhatItsWindowsMiss) {
  const std::string load = "model=A100;load=square:period=0.1,duty=0.25,low=60,high=360;";
  const auto full = machine_of(kExact + load + "counter=full");
  const auto part = machine_of(kExact + load + "counter=sampled");

  const auto mean = [](const Gpu& gpu) {
    return 1e-3 * static_cast<double>(gpu.read_counter_mj(100) - gpu.read_counter_mj(40)) / 60;
  };

  EXPECT_NEAR(mean(full->gpu(0)), 135, 0.5);
  const double window = part->gpu(0).read_power_w(part->gpu(0).model().instant, 50);
  EXPECT_NEAR(mean(part->gpu(0)), window, 0.5);
}

TEST(StandinBoard, GainAndOffsetShiftBothSensorsAlike) {
  const auto machine =
      machine_of("noise=0;lag=0;gain=1.04;offset=3;model=A100;load=constant:level=300");
  const Gpu& gpu = machine->gpu(0);

  EXPECT_NEAR(gpu.read_power_w(gpu.model().instant, 10), 1.04 * 300 + 3, 1e-9);
  EXPECT_NEAR(1e-3 * static_cast<double>(gpu.read_counter_mj(20) - gpu.read_counter_mj(10)),
              10 * 315, 0.01);
}

TEST(StandinBoard, DrawsBoardsFromTheDeclaredSpread) {
  double sum = 0, squares = 0, products = 0;
  constexpr int kMachines = 4000;
  for (int i = 0; i < kMachines; ++i) {
    const auto machine = machine_of("gpus=2;model=A100;seed=" + std::to_string(i));
    const double a = machine->gpu(0).gain() - 1;
    const double b = machine->gpu(1).gain() - 1;
    sum += a;
    squares += a * a;
    products += a * b;
    EXPECT_LE(std::abs(machine->gpu(0).offset_w()), 5);
  }

  EXPECT_NEAR(sum / kMachines, 0, 0.003);
  EXPECT_NEAR(std::sqrt(squares / kMachines), 0.05, 0.002);
  EXPECT_NEAR(products / squares, 0.5, 0.05);
}

TEST(StandinBoard, IsTheSameInEveryProcessWithTheSameSeed) {
  const auto one = machine_of("gpus=4;seed=7;load=train:period=0.3,low=80,high=350");
  const auto two = machine_of("gpus=4;seed=7;load=train:period=0.3,low=80,high=350");
  const auto other = machine_of("gpus=4;seed=8;load=train:period=0.3,low=80,high=350");

  EXPECT_EQ(one->gpu(3).uuid(), two->gpu(3).uuid());
  EXPECT_EQ(one->gpu(3).read_counter_mj(77.7), two->gpu(3).read_counter_mj(77.7));
  EXPECT_NE(one->gpu(3).uuid(), other->gpu(3).uuid());
  EXPECT_NE(one->gpu(0).uuid(), one->gpu(1).uuid());
}

TEST(StandinBoard, FaultsBendTheCounterAtTheirTime) {
  const std::string load = kExact + "model=A100;load=constant:level=300;";
  const auto frozen = machine_of(load + "fault=frozen:at=10,for=5");
  const auto reset = machine_of(load + "fault=reset:at=10");
  const auto spike = machine_of(load + "fault=spike:at=10,joules=1e6");

  EXPECT_EQ(frozen->gpu(0).read_counter_mj(11), frozen->gpu(0).read_counter_mj(14.9));
  EXPECT_GT(frozen->gpu(0).read_counter_mj(15.1), frozen->gpu(0).read_counter_mj(14.9));
  EXPECT_LT(reset->gpu(0).read_counter_mj(10.5), reset->gpu(0).read_counter_mj(9.9));
  EXPECT_GT(spike->gpu(0).read_counter_mj(10),
            spike->gpu(0).read_counter_mj(9.9) + 1'000'000'000ULL);
}

TEST(StandinBoard, OutOfBandCapIsEnforcedButNotRequested) {
  const auto machine =
      machine_of(kExact + "model=H100;load=constant:level=650;fault=oob:watts=500");
  const Gpu& gpu = machine->gpu(0);

  EXPECT_DOUBLE_EQ(gpu.requested_w(), 700);
  EXPECT_DOUBLE_EQ(gpu.enforced_w(), 500);
  EXPECT_NEAR(gpu.power_w(10), 500, 1e-6);
}

TEST(StandinState, OutlivesAWriterThatWasKilledAtWork) {
  std::string dir = testing::TempDir() + "state.XXXXXX";
  ASSERT_NE(mkdtemp(dir.data()), nullptr);
  std::string error;
  const auto file = StateFile::open(dir + "/state", 0, error);
  ASSERT_NE(file, nullptr) << error;
  file->append(0, {.since = 0, .requested_w = 300, .lock = 1, .base = {}});
  file->state().gpus[0].version.fetch_add(1);  // as a writer leaves it that dies here

  std::uint64_t version = 0;
  const auto segments = file->read(0, version);

  EXPECT_EQ(segments.size(), 1u);
  EXPECT_EQ(version % 2, 0u);
  std::filesystem::remove_all(dir);
}

}  // namespace
}  // namespace joulery::standin
