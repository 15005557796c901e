// policy: choices from sweeps without scatter, and what the analysis says of bad trials.
#include <gtest/gtest.h>

#include <cmath>

#include "policy/points.h"

namespace joulery {
namespace {

struct Cap {
  double watts, time_s, energy_j;
};
const Cap kFound{250, 100, 20e3};
const std::vector<Cap> kCaps = {{200, 104, 18e3}, {150, 120, 16e3}, {100, 190, 17e3}};

SweepTrial trial_of(const Cap& cap, double scale) {
  SweepTrial trial;
  trial.cap = Watts(cap.watts);
  trial.baseline = cap.watts == kFound.watts;
  trial.time = Seconds(cap.time_s * scale);
  trial.device_energy = Joules(cap.energy_j * scale);
  return trial;
}

/// Found, caps, found, caps, found, ... while times and energies grow by `drift` a trial. Scatter
/// of 0.1 % that is the same in each sweep.
SweepTrials sweep_of(const std::vector<Cap>& caps, int repeats, double drift = 0) {
  SweepTrials sweep;
  int count = 0;
  const auto add = [&](const Cap& cap) {
    const double scatter = 0.001 * std::sin(2.4 * count);
    sweep.trials.push_back(trial_of(cap, (1 + drift * count) * (1 + scatter)));
    ++count;
  };
  add(kFound);
  for (int i = 0; i < repeats; ++i) {
    for (const Cap& cap : caps) add(cap);
    add(kFound);
  }
  return sweep;
}

CapChoice choice_of(const SweepTrials& sweep, const ChoiceRules& rules) {
  auto choice = choose_from_sweep(sweep, rules);
  EXPECT_TRUE(choice) << choice.error().message;
  return choice ? *std::move(choice) : CapChoice{};
}

const CapPoint& point_at(const CapChoice& choice, double watts) {
  for (const CapPoint& point : choice.points)
    if (point.cap == Watts(watts)) return point;
  ADD_FAILURE() << "no point at " << watts;
  return choice.points.front();
}

double recommended_w(const CapChoice& choice) {
  return choice.recommended ? choice.points[*choice.recommended].cap.count() : 0;
}

std::string all_notes(const CapChoice& choice) {
  std::string all;
  for (const std::string& note : choice.notes) all += note + "\n";
  return all;
}

TEST(SweepChoice, TakesTheLeastEnergyWithinTheBound) {
  ChoiceRules rules;
  EXPECT_EQ(recommended_w(choice_of(sweep_of(kCaps, 3), rules)), 150);
  rules.max_slowdown = 0.05;
  EXPECT_EQ(recommended_w(choice_of(sweep_of(kCaps, 3), rules)), 200);
  rules.max_slowdown = 0.03;
  EXPECT_EQ(recommended_w(choice_of(sweep_of(kCaps, 3), rules)), 250);
}

TEST(SweepChoice, SaysHowManyRepeatsWouldTell) {
  SweepTrials sweep = sweep_of(kCaps, 3);
  int count = 0;
  for (SweepTrial& trial : sweep.trials)
    trial.time = trial.time * (1 + 0.015 * std::sin(5.1 * count++));

  const CapChoice choice = choice_of(sweep, {.max_slowdown = 0.055});

  EXPECT_EQ(recommended_w(choice), 250);
  EXPECT_NE(all_notes(choice).find("repeats would tell"), std::string::npos) << all_notes(choice);
}

TEST(SweepChoice, ContradictingSensorsLeaveOpenWhatChangesWithTheCapAlone) {
  SweepTrials alike = sweep_of(kCaps, 3);
  for (SweepTrial& trial : alike.trials) trial.disagreement = 0.4;
  SweepTrials apart = alike;
  for (SweepTrial& trial : apart.trials)
    if (trial.cap == Watts(150)) trial.disagreement = 0.6;

  const double none_u = *point_at(choice_of(sweep_of(kCaps, 3), {}), 150).energy_change->u_pct;
  const CapChoice choice = choice_of(alike, {});

  EXPECT_NEAR(*point_at(choice, 150).energy_change->u_pct, none_u, 1e-9);
  EXPECT_NE(all_notes(choice).find("contradict each other"), std::string::npos);
  EXPECT_GT(*point_at(choice_of(apart, {}), 150).energy_change->u_pct, 80 * 0.2);
}

TEST(SweepChoice, ADrawAboveTheCapIsToldAsFarAsItIsKnown) {
  const std::vector<Cap> caps = {{150, 0.3, 60}};  // 200 W
  SweepTrials sweep = sweep_of(caps, 3);
  EXPECT_FALSE(point_at(choice_of(sweep, {}), 150).obeyed);
  for (SweepTrial& trial : sweep.trials) trial.device_energy_u = trial.device_energy * 0.17;

  const CapChoice choice = choice_of(sweep, {});

  EXPECT_TRUE(point_at(choice, 150).obeyed);
  EXPECT_EQ(all_notes(choice).find("above the cap"), std::string::npos) << all_notes(choice);
  EXPECT_NE(all_notes(choice).find("are short for these sensors"), std::string::npos);
}

TEST(FindRepeats, LooksAtTheScatterAlone) {
  const ChoiceRules rules{.max_slowdown = 0.05};
  const SweepTrials calm = sweep_of(kCaps, 3);
  SweepTrials noisy = calm;
  int count = 0;
  for (SweepTrial& trial : noisy.trials)
    trial.time = trial.time * (1 + 0.03 * std::sin(5.1 * count++));
  SweepTrials slow = noisy;
  for (SweepTrial& trial : slow.trials)
    if (trial.cap == Watts(150)) trial.time = trial.time * 3;

  EXPECT_EQ(find_repeats(calm, rules, 20).value(), 3);
  const int needed = find_repeats(noisy, rules, 20).value();
  EXPECT_GT(needed, 5);
  EXPECT_EQ(find_repeats(slow, rules, 20).value(), needed);
  EXPECT_EQ(find_repeats(noisy, rules, 4).value(), 4);
  EXPECT_EQ(find_repeats(noisy, {}, 20).value(), 3);
  EXPECT_EQ(find_repeats(sweep_of(kCaps, 1), rules, 20).value(), 2);
}

TEST(SweepChoice, DriftBetweenBaselinesIsTakenOut) {
  const CapChoice choice = choice_of(sweep_of(kCaps, 3, 0.01), {});  // 13 % in all

  EXPECT_NEAR(point_at(choice, 200).time_change->pct, 4, 0.2);
  EXPECT_NEAR(point_at(choice, 100).time_change->pct, 90, 0.5);
  EXPECT_NEAR(point_at(choice, 150).energy_change->pct, -20, 0.2);
}

TEST(SweepChoice, ChangesCarryTheirUncertainty) {
  const CapChoice choice = choice_of(sweep_of(kCaps, 3), {});

  const CapPoint& point = point_at(choice, 200);
  ASSERT_TRUE(point.time_change->u_pct && point.energy_change->u_pct);
  EXPECT_GT(*point.time_change->u_pct, 0.01);
  EXPECT_LT(*point.time_change->u_pct, 0.2);
  EXPECT_GT(*point.energy_change->u_pct, 0.4);  // the drift of the board's gain
  EXPECT_GT(*point.time_change->upper_pct, point.time_change->pct);
  EXPECT_EQ(point.trials, 3u);
}

TEST(SweepChoice, TheGainOfTheSameBoardsCancels) {
  SweepTrials sweep = sweep_of(kCaps, 3);
  const CapChoice before = choice_of(sweep, {});
  for (SweepTrial& trial : sweep.trials) trial.device_energy = trial.device_energy * 1.08;

  const CapChoice after = choice_of(sweep, {});

  EXPECT_NEAR(point_at(after, 150).energy_change->pct, point_at(before, 150).energy_change->pct,
              1e-9);
}

TEST(SweepChoice, WithoutRepeatsNothingIsRecommended) {
  const CapChoice choice = choice_of(sweep_of(kCaps, 1), {});

  EXPECT_EQ(recommended_w(choice), 250);
  EXPECT_FALSE(point_at(choice, 150).time_change->u_pct);
  EXPECT_NE(all_notes(choice).find("without repeats"), std::string::npos);
}

TEST(SweepChoice, AFlatJobKeepsTheFoundLimit) {
  const std::vector<Cap> flat = {{200, 100, 20e3}, {150, 100, 20e3}, {100, 100, 20e3}};

  const CapChoice choice = choice_of(sweep_of(flat, 3), {});

  EXPECT_EQ(recommended_w(choice), 250);
  EXPECT_TRUE(point_at(choice, 200).inert);
  EXPECT_NE(all_notes(choice).find("keep the limit that was found, 250 W"), std::string::npos);
}

TEST(SweepChoice, CapsAboveTheMeanDrawMayClipBursts) {
  const std::vector<Cap> flat = {{225, 100, 20e3}, {210, 100, 20e3}};
  const std::vector<Cap> clips = {{225, 100, 20e3}, {210, 110, 19e3}};

  const CapChoice calm = choice_of(sweep_of(flat, 3), {});
  const CapChoice bursts = choice_of(sweep_of(clips, 3), {});

  EXPECT_TRUE(calm.cap_inert && bursts.cap_inert);
  EXPECT_NE(all_notes(calm).find("what these caps change is scatter\n"), std::string::npos);
  EXPECT_NE(all_notes(bursts).find("scatter, or bursts that they clip"), std::string::npos);
}

TEST(SweepChoice, OffTheFrontierIsWhatAnotherBeatsBeyondDoubt) {
  const std::vector<Cap> caps = {{200, 99.9, 19.99e3}, {150, 120, 16e3}, {100, 190, 17.5e3}};

  const CapChoice choice = choice_of(sweep_of(caps, 3, 0.01), {});

  EXPECT_TRUE(choice.points[choice.baseline].on_frontier);
  EXPECT_TRUE(point_at(choice, 200).on_frontier);
  EXPECT_TRUE(point_at(choice, 150).on_frontier);
  EXPECT_FALSE(point_at(choice, 100).on_frontier);
  EXPECT_TRUE(point_at(choice_of(sweep_of(caps, 1), {}), 100).on_frontier);
}

TEST(SweepChoice, ThrottlingShowsThatACapBinds) {
  const std::vector<Cap> flat = {{200, 100, 20e3}, {150, 100, 20e3}};
  SweepTrials sweep = sweep_of(flat, 3);
  for (SweepTrial& trial : sweep.trials) trial.throttle_share = trial.cap < Watts(160) ? 0.3 : 0;

  const CapChoice choice = choice_of(sweep, {});

  EXPECT_TRUE(point_at(choice, 200).inert);
  EXPECT_FALSE(point_at(choice, 150).inert);
  EXPECT_NEAR(*point_at(choice, 150).throttle_share, 0.3, 1e-12);
}

TEST(SweepChoice, ASmallAdvantageGoesToTheFaster) {
  const std::vector<Cap> caps = {{200, 104, 16.1e3}, {150, 120, 16e3}};
  EXPECT_EQ(recommended_w(choice_of(sweep_of(caps, 3), {})), 200);
}

TEST(SweepChoice, TheNodeCountsWhereItWasMeasured) {
  SweepTrials sweep = sweep_of(kCaps, 3);
  for (SweepTrial& trial : sweep.trials)
    trial.node_energy = trial.device_energy + Watts(200) * trial.time;  // 40, 38.8, 40, 55 kJ

  const CapChoice choice = choice_of(sweep, {});

  EXPECT_TRUE(choice.has_node);
  EXPECT_EQ(recommended_w(choice), 200);
  EXPECT_NEAR(point_at(choice, 200).energy_change->pct, -3, 0.2);
  EXPECT_NEAR(point_at(choice, 200).device_energy_change->pct, -10, 0.2);
}

TEST(SweepChoice, BasePowerStandsForTheNode) {
  ChoiceRules rules;
  rules.base_power = Watts(100);
  SweepTrials sweep = sweep_of(kCaps, 3);
  sweep.devices = 2;

  EXPECT_EQ(recommended_w(choice_of(sweep, rules)), 200);
}

TEST(SweepChoice, AFailedTrialIsLeftOutAndTold) {
  SweepTrials sweep = sweep_of(kCaps, 3);
  sweep.trials[1].failed = true;  // 200 W
  sweep.trials[1].time = Seconds(3);

  const CapChoice choice = choice_of(sweep, {});

  EXPECT_EQ(point_at(choice, 200).trials, 2u);
  EXPECT_EQ(point_at(choice, 200).failed, 1u);
  EXPECT_NEAR(point_at(choice, 200).time_change->pct, 4, 0.3);
  EXPECT_NE(all_notes(choice).find("200 W: 1 of its trials failed"), std::string::npos);
}

TEST(SweepChoice, UnequalWorkIsNotCompared) {
  SweepTrials sweep = sweep_of(kCaps, 3);
  for (SweepTrial& trial : sweep.trials)
    if (trial.cap == Watts(150)) trial.equal_work = false;

  const CapChoice choice = choice_of(sweep, {});

  EXPECT_EQ(point_at(choice, 150).unequal, 3u);
  EXPECT_FALSE(point_at(choice, 150).time_change);
  EXPECT_EQ(recommended_w(choice), 100);
  EXPECT_NE(all_notes(choice).find("150 W: 3 of its 3 trials did other work and are left out"),
            std::string::npos);
}

TEST(SweepChoice, ACapWithAnUnequalTrialIsNotRecommended) {
  SweepTrials sweep = sweep_of(kCaps, 3);
  sweep.trials[0].equal_work = false;  // a baseline
  sweep.trials[2].equal_work = false;  // 150 W

  const CapChoice choice = choice_of(sweep, {});

  EXPECT_EQ(point_at(choice, 150).trials, 2u);
  EXPECT_TRUE(point_at(choice, 150).time_change);
  EXPECT_EQ(recommended_w(choice), 100);
  EXPECT_NE(all_notes(choice).find("150 W: 1 of its 3 trials did other work and is left out; the "
                                   "cap is not recommended\n"),
            std::string::npos);
  EXPECT_NE(all_notes(choice).find("250 W: 1 of its 4 trials did other work and is left out\n"),
            std::string::npos);
}

// Boards that were found at 300 and 200 W, and all of them at 250 W.
TEST(SweepChoice, ACapThatIsTheMeanOfWhatWasFoundIsNoBaseline) {
  SweepTrials sweep = sweep_of(kCaps, 3);
  SweepTrial same = trial_of(kFound, 1);
  same.baseline = false;
  same.time = same.time * 0.8;
  sweep.trials.insert(sweep.trials.begin() + 2, same);

  const CapChoice choice = choice_of(sweep, {});

  ASSERT_EQ(choice.points.size(), 5u);
  EXPECT_EQ(choice.baseline, 3u);
  EXPECT_EQ(choice.points[3].trials, 4u);
  EXPECT_EQ(choice.points[4].cap, Watts(kFound.watts));
  EXPECT_NEAR(choice.points[4].time_change->pct, -20, 0.5);
}

TEST(SweepChoice, WithoutAUsableBaselineNothingIsCompared) {
  SweepTrials sweep = sweep_of(kCaps, 3);
  for (SweepTrial& trial : sweep.trials) trial.failed = trial.baseline;

  const CapChoice choice = choice_of(sweep, {});

  EXPECT_FALSE(choice.recommended);
  EXPECT_FALSE(point_at(choice, 150).time_change);
  EXPECT_FALSE(choice_of(sweep, {}).notes.empty());
}

TEST(SweepChoice, ASweepWithoutBaselineIsAnError) {
  SweepTrials sweep = sweep_of(kCaps, 3);
  std::erase_if(sweep.trials, [](const SweepTrial& trial) { return trial.baseline; });
  EXPECT_FALSE(choose_from_sweep(sweep, {}));
  EXPECT_FALSE(choose_from_sweep(SweepTrials{}, {}));
}

TEST(SweepChoice, ACapThatScattersMoreHasItsOwnInterval) {
  SweepTrials sweep = sweep_of(kCaps, 5);
  int count = 0;
  for (SweepTrial& trial : sweep.trials)
    if (trial.cap == Watts(150)) trial.time = trial.time * (1 + 0.05 * (count++ % 2));

  const CapChoice choice = choice_of(sweep, {});

  EXPECT_GT(*point_at(choice, 150).time_change->u_pct,
            1.3 * *point_at(choice, 200).time_change->u_pct);
}

}  // namespace
}  // namespace joulery
