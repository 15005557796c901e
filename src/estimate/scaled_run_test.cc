// estimate: a measured run's power, whether it is steady, and what it says of more hardware.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "account/account_fixture.h"
#include "estimate/estimate_fixture.h"

namespace joulery {
namespace {

using account::energy_channel;
using account::MadeTrace;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr double kLength = 1200;

/// Boards of 100 W, a package of 60 W; DRAM is not seen.
MadeTrace made_run(int boards, const MadeTrace::Function& gpu = steady(100)) {
  MadeTrace made(kLength, 1);
  for (int i = 0; i < boards; ++i) {
    Channel channel = energy_channel("gpu/" + std::to_string(i) + "/board");
    channel.model = "Tesla V100-SXM2-16GB";
    channel.accuracy = {.gain_u = 0.05, .correlation = 0.5, .family = "V100", .source = "test"};
    made.add(channel, gpu);
  }
  Channel cpu = energy_channel("cpu/0/package", ComponentKind::kCpu);
  cpu.accuracy.gain_u = 0.03;
  made.add(cpu, steady(60));
  return made;
}

EstimateSources sources_with(const MadeTrace& made) {
  EstimateSources sources = shipped_tables();
  sources.find_run = [made](const std::string& name) {
    Job job;
    job.id = name;
    const MemoryTrace trace = made.build();
    const auto account = make_account(trace, job, {});
    EXPECT_TRUE(account);
    return measured_power(*account, trace);
  };
  return sources;
}

TEST(ScaledRun, FollowsTheFirstEquationWhereAllGpusShareAHost) {
  const EstimatedRow row =
      estimated({{"from", "r1"}, {"duration", "84h"}, {"count", "8"}, {"gpus_per_node", "8"}},
                sources_with(made_run(1)));

  EXPECT_NEAR(kwh(row.it_energy), 84 * (8 * 100 + 60) / 1000.0, 0.01);
  EXPECT_EQ(row.it_energy.evidence, Evidence::kModelled);
  EXPECT_NEAR(row.it_energy.coverage, kLength / (8 * 84 * 3600.0), 1e-6);
  EXPECT_THAT(row.includes, ElementsAre("gpu", "cpu"));
  EXPECT_THAT(row.excludes, ElementsAre("dram", "rest"));
  EXPECT_EQ(row.request.device->id, "V100-SXM2-16GB");
}

TEST(ScaledRun, BringsAHostForEveryNodeLikeTheRuns) {
  const EstimateSources sources = sources_with(made_run(2));
  const auto hosts = [&](const char* count) {
    const EstimatedRow row =
        estimated({{"from", "r1"}, {"duration", "1h"}, {"count", count}}, sources);
    return row.request.parts[1].power.value->count();
  };
  EXPECT_NEAR(hosts("2"), 60, 0.01);
  EXPECT_NEAR(hosts("8"), 240, 0.01);
  EXPECT_NEAR(hosts("7"), 240, 0.01);
}

TEST(ScaledRun, CarriesTheIntervalOfTheBoardsThatWereMeasured) {
  const EstimatedRow one = estimated({{"from", "r"}, {"duration", "84.000h"}, {"count", "8"}},
                                     sources_with(made_run(1)));
  const EstimatedRow four = estimated({{"from", "r"}, {"duration", "84.000h"}, {"count", "8"}},
                                      sources_with(made_run(4)));
  const auto gpu_u = [](const EstimatedRow& row) {
    const Estimate<Watts>& power = row.request.parts[0].power;
    return power.u / *power.value;
  };
  EXPECT_NEAR(gpu_u(one), 0.05, 0.001);
  EXPECT_NEAR(gpu_u(four), 0.05 * std::sqrt(0.5 + 0.5 / 4), 0.001);
}

TEST(ScaledRun, OfAMachineWithoutGpuCountsMachines) {
  const EstimatedRow row =
      estimated({{"from", "r1"}, {"duration", "10h"}, {"count", "3"}}, sources_with(made_run(0)));

  EXPECT_NEAR(kwh(row.it_energy), 10 * 3 * 0.06, 1e-4);
  EXPECT_THAT(row.request.notes, Contains(HasSubstr("machines like it")));
  EXPECT_THAT(refusal({{"from", "r1"}, {"duration", "10h"}, {"gpus_per_node", "8"}},
                      sources_with(made_run(0))),
              HasSubstr("had none"));
}

TEST(Steadiness, IsSeenOfASteadyRun) {
  const auto seen = steadiness_of(made_run(1).build());

  ASSERT_TRUE(seen) << seen.error().message;
  EXPECT_EQ(seen->step, Seconds(60));
  EXPECT_EQ(seen->blocks, 20u);
  EXPECT_TRUE(seen->steady);
  EXPECT_LT(seen->u, 0.001);
}

TEST(Steadiness, FailsWhereThePowerDriftsAndWidensTheInterval) {
  // 100 W rising to 200 W.
  const auto rising = [](double t) { return 100 * t + 100 * t * t / (2 * kLength); };
  const EstimateSources sources = sources_with(made_run(1, rising));

  const EstimatedRow row =
      estimated({{"from", "r1"}, {"duration", "84h"}, {"count", "1"}}, sources);

  ASSERT_TRUE(row.request.steadiness);
  EXPECT_FALSE(row.request.steadiness->steady);
  // Halves of 125 and 175 W, and 60 W beside them.
  EXPECT_NEAR(*row.request.steadiness->drift, 235.0 / 185 - 1, 0.001);
  EXPECT_THAT(row.request.notes, Contains(HasSubstr("warning: power of run r1 is not steady")));
  EXPECT_GT(row.it_energy.u / *row.it_energy.value, 0.25);
  EXPECT_EQ(row.it_energy.top, "steadiness of the run");
}

TEST(Steadiness, IsNotClaimedOfARunThatIsTooShort) {
  MadeTrace made(0.2, 0.1);
  made.add(energy_channel("gpu/0/board"), steady(100));

  const auto seen = steadiness_of(made.build());

  ASSERT_TRUE(seen) << seen.error().message;
  EXPECT_FALSE(seen->spread);
  EXPECT_FALSE(seen->steady);
  EXPECT_NEAR(seen->u, 0.2, 1e-12);
}

}  // namespace
}  // namespace joulery
