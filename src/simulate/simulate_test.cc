// simulate: what must hold of every simulation, on random logs, series and clusters.
#include "joulery/simulate.h"

#include <gmock/gmock.h>

#include "simulate/figures.h"
#include "simulate/made_world.h"

namespace joulery::simulate {
namespace {

constexpr double kSame = 1e-9;

Simulation simulated(const World& world) {
  auto simulation = simulate_jobs(world.workload, world.request);
  if (simulation) return *std::move(simulation);
  ADD_FAILURE() << simulation.error().message;
  return {};
}

const PolicyRun& run_of(const SimulationCase& held, Shift policy) {
  for (const PolicyRun& run : held.runs)
    if (run.policy == policy) return run;
  ADD_FAILURE() << name_of(policy);
  return held.now;
}

TEST(Simulation, WithoutSlackIsRunNowExactly) {
  for (const auto capacity : {std::optional<double>(), std::optional<double>(40)}) {
    World world = random_world(10);
    world.request.forecast_error = 0.2;
    world.request.forecast_memory = hours(capacity ? 24 : 0);
    world.request.slacks = {Seconds(0)};
    world.request.capacity = capacity;
    const Simulation simulation = simulated(world);
    const SimulationCase& held = simulation.cases.at(0);
    for (const PolicyRun& run : held.runs) {
      EXPECT_EQ(run.end, held.now.end) << name_of(run.policy);
      EXPECT_EQ(run.sums.carbon, held.now.sums.carbon) << name_of(run.policy);
      EXPECT_EQ(run.sums.it_energy, held.now.sums.it_energy) << name_of(run.policy);
      EXPECT_EQ(run.sums.cost, held.now.sums.cost) << name_of(run.policy);
      EXPECT_EQ(run.mean_wait, held.now.mean_wait) << name_of(run.policy);
    }
  }
}

TEST(Simulation, WithDevicesEnoughIsTheSumOfPlansMadeOneByOne) {
  for (std::uint64_t seed = 20; seed < 25; ++seed) {
    World world = random_world(seed);
    const Simulation together = simulated(world);
    for (std::size_t policy = 0; policy < world.request.policies.size(); ++policy) {
      double carbon = 0;
      for (const MovableJob& job : world.workload.jobs) {
        // The past week is part of what a policy without a forecast sees, so the series begins
        // where it did: with a job that uses nothing.
        World alone = world;
        MovableJob first = world.workload.jobs.front();
        first.power = Watts(0);
        alone.workload.jobs = {first, job};
        carbon += simulated(alone).cases[0].runs[policy].sums.carbon.count();
      }
      const double all = together.cases[0].runs[policy].sums.carbon.count();
      EXPECT_LT(relative_difference(all, carbon), kSame) << name_of(world.request.policies[policy]);
    }
  }
}

TEST(Simulation, ConservesITEnergyWhenItShifts) {
  for (const auto capacity : {std::optional<double>(), std::optional<double>(30)}) {
    World world = random_world(30);
    world.request.capacity = capacity;
    world.request.forecast_error = 0.15;
    const Simulation simulation = simulated(world);
    const SimulationCase& held = simulation.cases.at(0);
    for (const PolicyRun& run : held.runs) {
      if (run.policy == Shift::kCapsByHour) continue;
      EXPECT_LT(relative_difference(run.sums.it_energy.count(), held.now.sums.it_energy.count()),
                kSame)
          << name_of(run.policy);
    }
  }
}

TEST(Simulation, CountsWhatResumesAddAndNothingElse) {
  World world = random_world(31);
  world.request.resume_time = std::chrono::minutes(6);
  const Simulation simulation = simulated(world);
  const SimulationCase& held = simulation.cases.at(0);
  const PolicyRun& run = run_of(held, Shift::kInterruptible);
  EXPECT_GT(run.resumes, 0u);
  EXPECT_GT(run.resume_energy.count(), 0);
  EXPECT_LT(relative_difference((run.sums.it_energy - run.resume_energy).count(),
                                held.now.sums.it_energy.count()),
            kSame);
  EXPECT_EQ(run_of(held, Shift::kBestWindow).resumes, 0u);
}

/// Of each contiguous start by the second; the oracle may not be beaten by any of them.
TEST(Simulation, OfBestWindowsIsNeverDearerThanAnyStartOfAnyJob) {
  World world = random_world(40);
  const Signals signals = signals_of(world.request.places[0]);
  for (const MovableJob& job : world.workload.jobs) {
    World alone = world;
    alone.workload.jobs = {job};
    const Simulation simulation = simulated(alone);
    const double best = run_of(simulation.cases[0], Shift::kBestWindow).sums.carbon.count();
    double least = simulation.cases[0].now.sums.carbon.count();
    EXPECT_LE(best, least * (1 + kSame));
    for (int i = 0; i <= 24 * 6; ++i) {
      const WallTime start = job.release + i * std::chrono::minutes(10);
      least = std::min(least, signals.over(start, start + job.length).carbon * job.power.count());
    }
    EXPECT_LE(best, least * (1 + kSame));
  }
}

TEST(Simulation, NoPolicyBeatsTheOracleOfItsFreedom) {
  for (std::uint64_t seed = 50; seed < 60; ++seed) {
    World world = random_world(seed);
    world.request.forecast_error = 0.3;
    world.request.seeds = {seed, seed + 1};
    const Simulation simulation = simulated(world);
    const SimulationCase& held = simulation.cases.at(0);
    for (const PolicyRun& run : held.runs) {
      const Oracle* oracle = oracle_of(held, run.policy);
      if (oracle == nullptr) continue;
      EXPECT_GE(run.sums.carbon.count(), oracle->sums.carbon.count() * (1 - kSame))
          << name_of(run.policy);
      EXPECT_LE(oracle->sums.carbon.count(), held.now.sums.carbon.count() * (1 + kSame));
    }
    EXPECT_LE(held.oracle_slots->sums.carbon.count(),
              held.oracle_window->sums.carbon.count() * (1 + kSame));
  }
}

TEST(Simulation, ReachesTheOracleWhereTheFutureIsKnownAndDevicesAreEnough) {
  const Simulation simulation = simulated(random_world(61));
  const SimulationCase& held = simulation.cases.at(0);
  EXPECT_DOUBLE_EQ(run_of(held, Shift::kBestWindow).sums.carbon.count(),
                   held.oracle_window->sums.carbon.count());
  EXPECT_DOUBLE_EQ(run_of(held, Shift::kInterruptible).sums.carbon.count(),
                   held.oracle_slots->sums.carbon.count());
  for (const PolicyRun& run : held.runs) EXPECT_EQ(run.late, 0u) << name_of(run.policy);
}

TEST(Simulation, TellsHowSureIsWhatIsSaved) {
  World world = random_world(62);
  world.request.policies = {Shift::kRunNow, Shift::kBestWindow};
  const Simulation by_amount = simulated(world);  // of a PUE series that tells nothing
  world.request.places[0].pue->relative_u = 0.05;
  const Simulation by_share = simulated(world);
  const SimulationCase& held = by_amount.cases.at(0);
  EXPECT_GT(run_of(held, Shift::kBestWindow).saved_u.carbon.value_or(0), 0);
  EXPECT_EQ(run_of(held, Shift::kBestWindow).saved_u.carbon, held.oracle_window->saved_u.carbon);
  EXPECT_FALSE(run_of(held, Shift::kRunNow).saved_u.carbon);
  EXPECT_FALSE(run_of(by_share.cases.at(0), Shift::kBestWindow).saved_u.carbon);
}

TEST(Simulation, IsTheSameForTheSameSeedAndAnotherForAnother) {
  World world = random_world(70);
  world.request.forecast_error = 0.2;
  world.request.policies = {Shift::kBestWindow};
  world.request.seeds = {7, 8, 7};
  const Simulation simulation = simulated(world);
  const std::vector<PolicyRun>& runs = simulation.cases.at(0).runs;
  ASSERT_EQ(runs.size(), 3u);
  EXPECT_EQ(runs[0].sums.carbon, runs[2].sums.carbon);
  EXPECT_EQ(runs[0].mean_wait, runs[2].mean_wait);
  EXPECT_NE(runs[0].sums.carbon, runs[1].sums.carbon);
  // The mean of |z| of a normal distribution is sqrt(2 / pi) = 0.798 standard deviations.
  EXPECT_NEAR(simulation.cases[0].forecast_mape[0].second, 0.2 * 0.798, 0.01);
}

TEST(Simulation, KeepsToTheCapacityAndWaitsForIt) {
  World world = random_world(80);
  world.request.capacity = 20;
  const Simulation simulation = simulated(world);
  const SimulationCase& held = simulation.cases.at(0);
  EXPECT_GT(held.now.mean_queue.count(), 0);
  EXPECT_DOUBLE_EQ(held.now.mean_queue.count(), held.now.mean_wait.count());
  for (const PolicyRun& run : held.runs) {
    EXPECT_LE(run.peak_devices, 20) << name_of(run.policy);
    EXPECT_GE(run.mean_wait.count(), run.mean_queue.count() - 1e-6) << name_of(run.policy);
    EXPECT_GE(run.mean_stretch, 1) << name_of(run.policy);
  }
}

TEST(Simulation, IsNeverLateWhereTheDevicesAreReservedAndEnough) {
  for (std::uint64_t seed = 81; seed < 85; ++seed) {
    World world = random_world(seed);
    world.request.policies = {Shift::kBestWindow, Shift::kCapacityLimited};
    world.request.capacity = 60;
    const Simulation simulation = simulated(world);
    const PolicyRun& reserved = run_of(simulation.cases.at(0), Shift::kCapacityLimited);
    EXPECT_EQ(reserved.mean_queue.count(), 0);
    EXPECT_EQ(reserved.late, 0u);
    EXPECT_LE(reserved.peak_devices, 60);
  }
}

TEST(Simulation, WaitsLessWithBackfill) {
  World world = random_world(86);
  world.request.capacity = 16;
  world.request.policies = {Shift::kRunNow};
  const Seconds filled = simulated(world).cases[0].now.mean_wait;
  world.request.queue = QueueRule::kFifo;
  EXPECT_LT(filled, 0.9 * simulated(world).cases[0].now.mean_wait);
}

TEST(Simulation, TellsSharesButNoCarbonWithoutAPue) {
  World world = random_world(87);
  world.request.places[0].pue.reset();
  world.request.places[0].constants.pue.estimate = Estimate<double>::missing("no PUE: --pue");
  world.request.policies = {Shift::kBestWindow};
  const Simulation without = simulated(world);
  world.request.places[0].constants.pue.estimate =
      Estimate<double>::of(1.5, 0, Evidence::kConstant);
  const Simulation with_pue = simulated(world);
  const auto share = [](const Simulation& simulation) {
    const SimulationCase& held = simulation.cases.at(0);
    return saved_share(held.runs[0].sums.carbon.count(), held.now.sums.carbon.count()).value();
  };
  EXPECT_FALSE(without.cases[0].basis.carbon);
  EXPECT_TRUE(with_pue.cases[0].basis.carbon);
  EXPECT_TRUE(without.cases[0].basis.it_energy);
  EXPECT_NEAR(share(without), share(with_pue), 1e-12);
}

TEST(Simulation, SeesOnlyWhatThePolicyIsNamedAfter) {
  World world;
  world.workload.source = "made";
  world.workload.jobs = {{kYear, hours(1), 1, Watts(1000)}};
  PlaceSignals place;
  place.intensity = hourly({4, 3, 1, 2, 5, 5});
  place.pue = hourly({2, 1.9, 4, 1.5, 1, 1}, Values::kPue);  // products 8, 5.7, 4, 3, 5, 5
  world.request.places = {place};
  world.request.policies = {Shift::kBestWindow, Shift::kPueOnly, Shift::kCarbonOnly};
  world.request.slacks = {hours(5)};
  const Simulation simulation = simulated(world);
  const SimulationCase& held = simulation.cases.at(0);
  const double hour = 3600 * 1000;
  EXPECT_DOUBLE_EQ(held.now.sums.carbon.count(), 8 * hour);
  EXPECT_DOUBLE_EQ(run_of(held, Shift::kBestWindow).sums.carbon.count(), 3 * hour);
  EXPECT_DOUBLE_EQ(run_of(held, Shift::kPueOnly).sums.carbon.count(), 5 * hour);
  EXPECT_DOUBLE_EQ(run_of(held, Shift::kPueOnly).sums.site_energy.count(), 1 * hour);
  EXPECT_DOUBLE_EQ(run_of(held, Shift::kCarbonOnly).sums.carbon.count(), 4 * hour);
  EXPECT_DOUBLE_EQ(run_of(held, Shift::kBestWindow).mean_wait.count(), 3 * 3600);
  EXPECT_DOUBLE_EQ(run_of(held, Shift::kBestWindow).mean_stretch, 4);
}

TEST(Simulation, CapsHighHoursAndCountsTheirTimeAndEnergy) {
  World world;
  world.workload.source = "made";
  world.workload.jobs = {{kYear, hours(1), 1, Watts(0)},  // the series begins a day earlier
                         {kYear + hours(24), hours(10), 1, Watts(100)}};
  std::vector<double> values(24, 1);
  values.insert(values.end(), {9, 9, 9, 9, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1});
  PlaceSignals place;
  place.intensity = hourly(values);
  world.request.places = {place};
  world.request.policies = {Shift::kCapsByHour};
  world.request.slacks = {hours(2), hours(20)};
  world.request.quantile = 0.1;
  world.request.cap = CapEffect{"150W", 1.25, 0.75};
  const Simulation simulation = simulated(world);
  // Ten hours at a quarter longer need 2.5 h of slack.
  EXPECT_EQ(simulation.cases[0].runs[0].sums.carbon, simulation.cases[0].now.sums.carbon);

  // Of the past day's hours 9 is above all but itself: the first hours are high until a tenth of
  // the past is (24 + n hours, n of them 9): n = 3. Three hours at 1 / 1.25 do 2.4 h of work.
  const PolicyRun& run = simulation.cases[1].runs[0];
  const double watt_hours = 3 * 60 + 7.6 * 100;
  EXPECT_NEAR(run.sums.it_energy.count(), watt_hours * 3600, 1);
  EXPECT_NEAR(run.sums.carbon.count(), (3 * 60 * 9 + 2 * 100 * 9 + 5.6 * 100) * 3600, 1);
  EXPECT_EQ(run.end, kYear + hours(24) + hours(10) + std::chrono::minutes(36));
}

TEST(Simulation, CountsIdleDevicesOfTheWholeFleetOverTheSameTime) {
  World world = random_world(90);
  world.request.capacity = 50;
  world.request.idle_power = Watts(60);
  const Simulation simulation = simulated(world);
  const SimulationCase& held = simulation.cases.at(0);
  const Seconds span = simulation.end - simulation.begin;
  for (const PolicyRun& run : held.runs) {
    if (run.policy == Shift::kCapsByHour) continue;
    double busy = 0;
    for (const MovableJob& job : world.workload.jobs)
      busy += job.devices * Seconds(job.length).count();
    ASSERT_TRUE(run.idle);
    EXPECT_LT(relative_difference(run.idle->it_energy.count(), 60 * (50 * span.count() - busy)),
              1e-6)
        << name_of(run.policy);
  }
}

TEST(Simulation, KeepsDevicesHourByHourWhereAskedTo) {
  World world = random_world(95);
  world.request.keep_hours = true;
  const Simulation simulation = simulated(world);
  for (const PolicyRun& run : simulation.cases[0].runs) {
    double hours_held = 0;
    for (const double devices : run.hourly_devices) {
      EXPECT_GE(devices, -kSame);
      EXPECT_LE(devices, run.peak_devices + kSame);
      hours_held += devices;
    }
    const Seconds span = run.end - simulation.begin;
    EXPECT_LT(relative_difference(hours_held * 3600, run.mean_devices * span.count()), kSame);
  }
  EXPECT_GE(simulation.cases[0].hourly_objective.size(), 14u * 24);
  EXPECT_TRUE(simulated(random_world(95)).cases[0].runs[0].hourly_devices.empty());
}

TEST(Simulation, LooksBackBeforeTheFirstJobWhereTheSeriesDoes) {
  World world;
  world.workload.source = "made";
  world.workload.jobs = {{kYear + hours(24), hours(1), 1, Watts(100)}};
  std::vector<double> values(24, 1);
  values.insert(values.end(), {9, 9, 1, 9});
  PlaceSignals place;
  place.intensity = hourly(values);
  world.request.places = {place};
  world.request.policies = {Shift::kThreshold};
  world.request.slacks = {hours(3)};
  EXPECT_EQ(simulated(world).cases[0].runs[0].mean_wait, hours(2));
  world.request.places[0].intensity.pieces.erase(world.request.places[0].intensity.pieces.begin() +
                                                 23);  // a gap before the job
  EXPECT_EQ(simulated(world).cases[0].runs[0].mean_wait, hours(0));
}

}  // namespace
}  // namespace joulery::simulate
