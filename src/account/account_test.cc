// account: phases, sums, shares and what an account says of its run.
#include "joulery/account.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "account/account_fixture.h"

namespace joulery {
namespace {

using account::energy_channel;
using account::MadeTrace;
using account::power_channel;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(Phases, TileTheRunExactly) {
  MadeTrace made(60);
  made.add(energy_channel("gpu/0"), [](double t) { return 5 * t * t; });
  made.mark(10.05, "train");
  made.mark(47.33, "test");

  const Account account = account_of(made);

  ASSERT_EQ(account.phases.size(), 3U);
  EXPECT_EQ(account.phases[0].name, "(start)");
  EXPECT_EQ(account.phases[2].name, "test");
  double sum = 0;
  for (const PhaseAccount& phase : account.phases) sum += joules(phase.it_energy);
  EXPECT_NEAR(sum, joules(account.it_energy), 1e-9);
  EXPECT_NEAR(joules(account.phases[0].it_energy), 5 * 10.05 * 10.05, 0.1);
  EXPECT_NEAR(account.phases[1].duration.value->count(), 37.28, 1e-9);
}

TEST(Idle, IsMeasuredBeforeTheRunAndScaledToIt) {
  MadeTrace made(60);
  made.info().idle_begin = account::at(-10);
  made.add(
      energy_channel("gpu/0"), [](double t) { return t < 0 ? 50 * t : 300 * t; }, -10, 60);

  const ComponentAccount component = account_of(made).components[0];

  EXPECT_NEAR(joules(component.idle_energy), 3000, 1e-6);
  EXPECT_NEAR(joules(component.energy), 18000, 1e-6);
}

TEST(Sum, LeavesOutWhatAnotherPartCounts) {
  MadeTrace made(10);
  made.add(energy_channel("cpu/0", ComponentKind::kCpu), steady(100));
  Channel core = energy_channel("cpu/0/core", ComponentKind::kCpu);
  core.part_of = "cpu/0";
  made.add(core, steady(60));

  const Account account = account_of(made);

  EXPECT_EQ(account.components.size(), 2U);
  EXPECT_NEAR(joules(account.it_energy), 1000, 1e-6);
  EXPECT_THAT(account.includes, ElementsAre("cpu"));
  EXPECT_THAT(account.excludes, ElementsAre("dram"));
}

TEST(Sum, MissingPartsAreNamedAndNotZero) {
  MadeTrace made(10);
  made.add(energy_channel("cpu/0", ComponentKind::kCpu), steady(100));
  made.add_empty(energy_channel("gpu/0"));

  const Account account = account_of(made);

  EXPECT_FALSE(account.components[1].energy);
  EXPECT_FALSE(account.components[1].energy.why.empty());
  EXPECT_THAT(account.excludes, ElementsAre("gpu", "dram"));
  EXPECT_THAT(account.flags, ElementsAre("unseen: gpu/0", "lower_bound"));
  EXPECT_NEAR(joules(account.it_energy), 1000, 1e-6);
}

TEST(Sum, APartCountsForItselfWhereItsWholeIsUnseen) {
  MadeTrace made(10);
  made.add_empty(energy_channel("node/psys", ComponentKind::kNode));
  Channel package = energy_channel("cpu/0", ComponentKind::kCpu);
  package.part_of = "node/psys";
  made.add(package, steady(100));
  Channel core = energy_channel("cpu/0/core", ComponentKind::kCpu);
  core.part_of = "cpu/0";
  made.add(core, steady(60));

  const Account account = account_of(made);

  EXPECT_NEAR(joules(account.it_energy), 1000, 1e-6);
  EXPECT_FALSE(account.components[1].part_of);
  EXPECT_EQ(account.components[2].part_of, "cpu/0");
}

TEST(Sum, ANodesMeterSeesCpuAndDram) {
  MadeTrace made(10);
  made.add(power_channel("node/wall", ComponentKind::kNode), [](double) { return 500.0; });

  const Account account = account_of(made);

  EXPECT_THAT(account.includes, ElementsAre("node"));
  EXPECT_THAT(account.excludes, IsEmpty());
}

TEST(Sum, WithoutAnySensorIsMissing) {
  const Account account = account_of(MadeTrace(10));

  EXPECT_FALSE(account.it_energy);
  EXPECT_FALSE(account.site_energy);
  EXPECT_FALSE(account.it_energy.why.empty());
}

// R28: shares and what is left of them are the whole.
TEST(Share, ConservesEnergy) {
  MadeTrace made(100);
  made.add(energy_channel("cpu/0", ComponentKind::kCpu), steady(180));
  const auto share = [&](double cpu_seconds) {
    Job job;
    job.cpu_use = CpuUse{.job = Seconds(cpu_seconds), .busy = Seconds(800)};
    return account_of(made, job).components[0];
  };

  const ComponentAccount first = share(500);
  const double rest =
      joules(first.energy) - joules(*first.job_share) - joules(*share(200).job_share);

  EXPECT_NEAR(joules(*first.job_share), 18000 * 500 / 800.0, 1e-6);
  EXPECT_NEAR(rest, joules(first.energy) * 100 / 800.0, 1e-9 * joules(first.energy));
  EXPECT_EQ(first.job_share->evidence, Evidence::kModelled);
}

TEST(Share, NeverExceedsTheWhole) {
  MadeTrace made(10);
  made.add(energy_channel("dram/0", ComponentKind::kDram), steady(20));
  Job job;
  job.cpu_use = CpuUse{.job = Seconds(81), .busy = Seconds(80)};

  const ComponentAccount component = account_of(made, job).components[0];

  EXPECT_DOUBLE_EQ(joules(*component.job_share), joules(component.energy));
}

TEST(Account, FlagsABoardThatOthersUseToo) {
  MadeTrace made(60);
  for (const char* board : {"gpu/0", "gpu/1"}) {
    made.add(energy_channel(board), steady(300));
    Channel foreign = energy_channel(board);
    foreign.id = std::string(board) + "/foreign_processes";
    foreign.measure = Measure::kCount;
    foreign.rule = Rule::kNone;
    made.add(foreign, [&](double t) { return board == std::string("gpu/1") && t > 30 ? 2 : 0; });
  }

  const Account account = account_of(made);

  EXPECT_THAT(account.components[0].flags, IsEmpty());
  EXPECT_THAT(account.components[1].flags, ElementsAre("foreign_processes"));
}

TEST(Account, ACountOfOthersStandsUntilTheNext) {
  MadeTrace made(5);
  for (const char* board : {"gpu/before", "gpu/after", "gpu/gone"}) {
    made.add(energy_channel(board), steady(300));
    Channel foreign = energy_channel(board);
    foreign.id = std::string(board) + "/foreign_processes";
    foreign.measure = Measure::kCount;
    foreign.rule = Rule::kNone;
    made.add_empty(foreign);
    made.sample(-12, board == std::string("gpu/gone") ? 1 : 0);
    made.sample(-2, board == std::string("gpu/before") ? 1 : 0);
    made.sample(8, board == std::string("gpu/after") ? 1 : 0);
    made.sample(18, 1);
  }

  const Account account = account_of(made);

  EXPECT_THAT(account.components[0].flags, ElementsAre("foreign_processes"));
  EXPECT_THAT(account.components[1].flags, ElementsAre("foreign_processes"));
  EXPECT_THAT(account.components[2].flags, IsEmpty());
}

TEST(Account, OfARunKilledBeforeItsFirstSampleSaysSoEverywhere) {
  MadeTrace made(0);
  made.info().complete = false;
  made.add_empty(energy_channel("gpu/0"));
  made.add_empty(power_channel("gpu/0"));
  Place place;
  place.cloud_price = {MoneyPerSecond(1), MoneyPerSecond(2)};

  const Account account = account_of(made, {}, place);

  ASSERT_EQ(account.components.size(), 1U);
  for (const std::string& why : {account.duration.why, account.components[0].energy.why,
                                 account.it_energy.why, account.cloud_cost.low.why}) {
    EXPECT_EQ(why, "the meter was killed before the first sample reached the disk");
  }
  EXPECT_FALSE(account.it_energy);
  EXPECT_FALSE(account.duration);
  EXPECT_THAT(account.flags, testing::IsSupersetOf({"incomplete", "unseen: gpu/0"}));
}

TEST(Account, RefusesAnEmptyWindow) {
  MadeTrace made(0);

  const Result<Account> account = make_account(made.build(), {}, {});

  ASSERT_FALSE(account);
  EXPECT_EQ(account.error().code, ErrorCode::kInvalid);
}

TEST(Account, SaysWhereTheRecordIsNotComplete) {
  MadeTrace made(10);
  made.add(energy_channel("gpu/0"), steady(100));
  made.info().complete = false;
  made.info().events.push_back({account::at(5), Event::Kind::kSensorLost, "gpu/0: GPU is lost"});

  const Account account = account_of(made);

  EXPECT_THAT(account.flags, Contains("incomplete"));
  EXPECT_THAT(account.components[0].flags, Contains("sensor_lost"));
}

TEST(Account, ALostSensorIsToldOfItsOwnComponentAlone) {
  MadeTrace made(10);
  made.add(energy_channel("dram/1"), steady(5));
  made.add(energy_channel("dram/10"), steady(5));
  made.info().events.push_back({account::at(5), Event::Kind::kSensorLost, "dram/10: not there"});

  const Account account = account_of(made);

  EXPECT_THAT(account.components[0].flags, Not(Contains("sensor_lost")));
  EXPECT_THAT(account.components[1].flags, Contains("sensor_lost"));
}

TEST(Account, TellsThatTheWallClockWasSetDuringTheRun) {
  MadeTrace made(10);
  made.add(energy_channel("gpu/0"), steady(100));
  const auto step_at = [&](double time) {
    made.info().events = {{account::at(time), Event::Kind::kClockStep, "by +3600.000 s"}};
    return account_of(made).flags;
  };

  EXPECT_THAT(step_at(5), Contains("clock_step"));
  EXPECT_THAT(step_at(11), Not(Contains("clock_step")));
}

}  // namespace
}  // namespace joulery
