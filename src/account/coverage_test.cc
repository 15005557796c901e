// account: do the stated intervals hold the truth as often as they say? Ten thousand virtual runs.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <iostream>
#include <map>
#include <string>

#include "account/virtual_lab.h"
#include "joulery/account.h"

namespace joulery {
namespace {

using lab::LabSensor;
using lab::LoadClass;

struct Tally {
  int trials = 0;
  int covered = 0;
  double half_width = 0;
  [[nodiscard]] double share() const { return static_cast<double>(covered) / trials; }
};

Estimate<Joules> measure(const lab::Truth& truth, const LabSensor& sensor, std::mt19937_64& random,
                         double lead = 0) {
  const Result<Account> account = make_account(lab::record(truth, sensor, random, lead), {}, {});
  return account ? account->it_energy : Estimate<Joules>::missing(account.error().message);
}

void add(Tally& tally, const Estimate<Joules>& energy, double truth) {
  const double error = energy.value->count() - truth;
  ++tally.trials;
  if (std::abs(error) <= 2 * energy.u.count()) ++tally.covered;
  tally.half_width += 2 * energy.u.count() / truth;
}

void print(const std::string& name, const Tally& tally) {
  std::cout << name << ": " << tally.trials << " trials, " << 100 * tally.share()
            << " % covered, mean half-width " << 100 * tally.half_width / tally.trials << " %\n";
}

struct Tallies {
  std::map<std::string, Tally> by_load;
  std::map<std::string, Tally> by_sensor;
  Tally all;
};

/// Runs whose load, length (1 to 60 s), phase and sensor are drawn; `change` may alter the sensor
/// drawn.
Tallies draw_runs(int trials, std::uint64_t seed, const std::function<void(LabSensor&)>& change) {
  std::mt19937_64 random(seed);
  Tallies tallies;
  for (int trial = 0; trial < trials; ++trial) {
    const auto load = static_cast<LoadClass>(trial % lab::kLoadClasses);
    const double length = std::exp(std::uniform_real_distribution<double>(0, std::log(60))(random));
    const bool idle_before = std::bernoulli_distribution(0.5)(random);
    const lab::Truth truth = lab::make_load({load, length, idle_before}, random);
    LabSensor sensor = lab::draw_sensor(random);
    change(sensor);
    const Estimate<Joules> energy = measure(truth, sensor, random);
    if (!energy) ADD_FAILURE() << energy.why;
    if (!energy) return tallies;
    add(tallies.by_load[lab::name_of(load)], energy, truth.run_energy());
    add(tallies.by_sensor[name_of(sensor)], energy, truth.run_energy());
    add(tallies.all, energy, truth.run_energy());
  }
  for (const auto& [name, tally] : tallies.by_load) print(name, tally);
  for (const auto& [name, tally] : tallies.by_sensor) print(name, tally);
  print("all", tallies.all);
  return tallies;
}

// 10,000 runs with gain, offset, phase and load drawn from the declared priors.
TEST(Coverage, NinetyFivePercentIntervalsHoldTheTruthInEveryClassOfLoad) {
  const Tallies tallies = draw_runs(10000, 20261125, [](LabSensor&) {});

  for (const auto& [name, tally] : tallies.by_load) EXPECT_GE(tally.share(), 0.93) << name;
  EXPECT_GE(tallies.all.share(), 0.93);
  EXPECT_LE(tallies.all.share(), 0.97);
}

// The gain hides the other terms under it. With a sensor that is right on average, edges and
// aliasing stand alone.
TEST(Coverage, HoldsWithoutGainAndOffsetToo) {
  const Tallies tallies = draw_runs(5000, 5, [](LabSensor& sensor) {
    sensor.gain_error = sensor.gain_u = 0;
    sensor.offset_error = sensor.offset_u = 0;
  });

  for (const auto& [name, tally] : tallies.by_load) EXPECT_GE(tally.share(), 0.93) << name;
}

// R7: a steady load on a counter, its edges alone.
TEST(Coverage, OfEdgesOfASteadyLoadIsNinetyThreeToNinetySevenPercent) {
  for (const double length : {1.0, 5.0, 30.0}) {
    std::mt19937_64 random(static_cast<std::uint64_t>(length));
    Tally tally;
    for (int trial = 0; trial < 10000; ++trial) {
      const lab::Truth truth = lab::make_load({LoadClass::kSteady, length, false}, random);
      LabSensor sensor{.counter = true, .gain_u = 0};
      sensor.update = std::uniform_real_distribution<double>(0.02, 0.1)(random);
      add(tally, measure(truth, sensor, random, 1), truth.run_energy());
    }
    print("steady " + std::to_string(std::lround(length)) + " s", tally);
    EXPECT_GE(tally.share(), 0.93) << length;
    EXPECT_LE(tally.share(), 0.97) << length;
  }
}

}  // namespace
}  // namespace joulery
