// plan: the uncertainty of a saving, against draws of all that is uncertain through the whole sum.
#include "plan/saving_u.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>

#include "joulery/plan.h"
#include "plan/made_times.h"

namespace joulery {
namespace {

using std::chrono::hours;

constexpr int kHours = 24;
constexpr int kDraws = 20000;

using Values = std::array<double, kHours>;

Series series_of(SeriesMeasure measure, const Values& values) {
  Series series;
  series.measure = measure;
  series.kind = "average";
  for (int i = 0; i < kHours; ++i)
    series.pieces.push_back({at(i), at(i + 1), values[static_cast<std::size_t>(i)]});
  return series;
}

/// A place as it is drawn: a PUE that may be off by an amount, and a mix of sources.
struct MadePlace {
  Values pue{}, coal{}, unknown{};  ///< the sources: shares of the energy
  Values grams{};
};
constexpr double kCoal = 820, kCoalU = 101.1;
constexpr double kUnknown = 415.5, kUnknownU = 233.5;  // anything from 11 to 820
constexpr double kClean = 20;                          // the rest, known exactly
const double kPueU = 0.1 / std::sqrt(3.0);

MadePlace made(std::mt19937_64& random, double most_unknown) {
  std::uniform_real_distribution<double> uniform;
  MadePlace place;
  for (std::size_t i = 0; i < kHours; ++i) {
    place.pue[i] = 1.1 + 0.5 * uniform(random);
    place.unknown[i] = most_unknown * uniform(random);
    place.coal[i] = 0.2 + (0.8 - place.unknown[i]) * uniform(random);
    place.grams[i] = place.coal[i] * kCoal + place.unknown[i] * kUnknown +
                     (1 - place.coal[i] - place.unknown[i]) * kClean;
  }
  return place;
}

PlanPlace plan_place(const MadePlace& made, const std::string& name) {
  PlanPlace place;
  place.name = name;
  place.pue = series_of(SeriesMeasure::kPue, made.pue);
  place.intensity = series_of(SeriesMeasure::kIntensity, made.grams);
  SeriesError coal{"coal", true, {}};
  SeriesError unknown{"unicorn", false, {}};
  for (std::size_t i = 0; i < kHours; ++i) {
    coal.u.push_back(made.coal[i] * kCoalU);
    unknown.u.push_back(made.unknown[i] * kUnknownU);
  }
  place.intensity->errors = {coal, unknown};
  return place;
}

PlanRequest request_of(const std::vector<MadePlace>& places) {
  PlanRequest request;
  for (std::size_t i = 0; i < places.size(); ++i)
    request.places.push_back(
        plan_place(places[i], places.size() > 1 ? std::string(1, static_cast<char>('A' + i)) : ""));
  request.job.length = hours(4);
  request.job.slack = hours(20);
  request.load = Estimate<Watts>::of(Watts(1000), Watts(50), Evidence::kConstant, "load");
  return request;
}

/// What is off, in standard uncertainties. The unknown source: in what runs now, in what is
/// planned, and in the hours of both.
struct Drawn {
  double pue = 0, coal = 0, now = 0, planned = 0, both = 0;
};

bool holds(const std::vector<Slot>& slots, int hour) {
  for (const Slot& slot : slots)
    if (slot.begin <= at(hour) && at(hour) < slot.end) return true;
  return false;
}

double carbon(const MadePlace& place, const PlannedRun& run, const PlannedRun& other,
              const Drawn& off, double of_unknown) {
  double sum = 0;
  for (int hour = 0; hour < kHours; ++hour) {
    if (!holds(run.slots, hour)) continue;
    const auto i = static_cast<std::size_t>(hour);
    const double unknown =
        run.place == other.place && holds(other.slots, hour) ? off.both : of_unknown;
    sum += (place.pue[i] + off.pue * kPueU) * (place.grams[i] + off.coal * place.coal[i] * kCoalU +
                                               unknown * place.unknown[i] * kUnknownU);
  }
  return sum;
}

/// What a cap makes of the power, and how sure that is.
struct MadeCap {
  double power = 1, u = 0;
};

/// Root mean square of the savings about the one that is told, all off at once.
double drawn_u(const std::vector<MadePlace>& places, const Plan& plan, const MadeCap& cap = {}) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> rectangle(-std::sqrt(3.0), std::sqrt(3.0));
  const bool same = plan.now.place == plan.planned.place;
  const MadePlace& there = places[plan.planned.place == "B" ? 1 : 0];
  double sum = 0;
  for (int i = 0; i < kDraws; ++i) {
    Drawn here{rectangle(random), rectangle(random), rectangle(random), rectangle(random),
               rectangle(random)};
    Drawn else_where = here;
    if (!same) else_where.pue = rectangle(random);
    if (!same) else_where.coal = rectangle(random);
    const double now = carbon(places[0], plan.now, plan.planned, here, here.now);
    const double planned = cap.power * (1 + cap.u * rectangle(random)) *
                           carbon(there, plan.planned, plan.now, else_where, here.planned);
    sum += std::pow(100 * (1 - planned / now) - *plan.planned.saving_pct, 2);
  }
  return std::sqrt(sum / kDraws);
}

TEST(SavingUncertainty, IsThatOfDrawsOfAllThatIsUncertain) {
  std::mt19937_64 random(3);
  for (int trial = 0; trial < 30; ++trial) {
    std::vector<MadePlace> places{made(random, 0.2)};
    if (trial % 3 == 2) places.push_back(made(random, 0.2));
    PlanRequest request = request_of(places);
    request.job.interruptible = trial % 2 == 1;

    const auto plan = make_plan(request);

    ASSERT_TRUE(plan) << plan.error().message;
    ASSERT_TRUE(plan->planned.saving_u_pct);
    const double drawn = drawn_u(places, *plan);
    EXPECT_NEAR(*plan->planned.saving_u_pct, drawn, 0.05 * drawn) << trial;
  }
}

/// Four hours become five, and half of the energy, which is known to 3 %.
TEST(SavingUncertainty, OfACapIsThatOfDrawsOfWhatItDoesBesideAllElse) {
  std::mt19937_64 random(13);
  for (int trial = 0; trial < 20; ++trial) {
    std::vector<MadePlace> places{made(random, 0.2)};
    if (trial % 2 == 1) places.push_back(made(random, 0.2));
    PlanRequest request = request_of(places);
    request.caps = {{Watts(250), 1, 1}, {Watts(150), 1.25, 0.5, 0.01, 0.03}};

    const auto plan = make_plan(request);

    ASSERT_TRUE(plan) << plan.error().message;
    ASSERT_EQ(plan->levers.back().cap, Watts(150));
    ASSERT_TRUE(plan->planned.saving_u_pct);
    const double drawn = drawn_u(places, *plan, {0.5 / 1.25, 0.03});
    EXPECT_NEAR(*plan->planned.saving_u_pct, drawn, 0.05 * drawn) << trial;
    request.caps.back().energy_u.reset();
    EXPECT_LT(*make_plan(request)->planned.saving_u_pct, *plan->planned.saving_u_pct);
  }
}

/// Half of the hour's energy may be anything.
TEST(SavingUncertainty, CoversASourceThatMayBeAnything) {
  MadePlace place;
  place.pue.fill(1.2);
  for (std::size_t i = 0; i < kHours; ++i) {
    place.coal[i] = i < 2 ? 0.5 : 0;
    place.unknown[i] = i < 2 ? 0 : 0.5;
    place.grams[i] = i < 2 ? (kCoal + 11) / 2 : (kUnknown + 11) / 2;
  }
  PlanRequest request = request_of({place});
  request.job.length = hours(2);
  request.job.slack = hours(6);

  const auto plan = make_plan(request);

  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_NEAR(*plan->planned.saving_pct, 48.7, 0.1);
  const double k2 = 2 * *plan->planned.saving_u_pct;
  EXPECT_LT(*plan->planned.saving_pct - k2, 1);   // it may be coal
  EXPECT_GT(*plan->planned.saving_pct + k2, 97);  // or wind
}

/// 29.5 %, from McDonald et al. (2022): January against July.
TEST(SavingUncertainty, AnAmountDoesNotCancelBetweenHoursOfDifferentPue) {
  PlanRequest request = request_of({MadePlace{}});
  Values pue;
  pue.fill(1.49);
  pue[10] = 1.05;
  request.places[0].pue = series_of(SeriesMeasure::kPue, pue);
  request.objective = *parse_plan_objective("energy", "--objective");
  request.job.length = hours(1);

  const auto plan = make_plan(request);

  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_NEAR(*plan->planned.saving_pct - *plan->planned.saving_u_pct, 28.4, 0.05);
  EXPECT_NEAR(*plan->planned.saving_pct + *plan->planned.saving_u_pct, 30.7, 0.05);
}

TEST(SavingUncertainty, IsNoneOfTheSameRunAndOfAGain) {
  std::mt19937_64 random(5);
  PlanRequest request = request_of({made(random, 0.3)});
  request.job.slack = Seconds(0);

  const auto same = make_plan(request);
  request.job.slack = hours(10);
  request.places[0].intensity->errors.clear();
  request.places[0].pue->relative_u = 0.02;
  const auto gains = make_plan(request);

  ASSERT_TRUE(same && gains);
  EXPECT_FALSE(same->planned.saving_u_pct);
  EXPECT_GT(*gains->planned.saving_pct, 1);
  EXPECT_FALSE(gains->planned.saving_u_pct);
}

/// Weights are relative to what running now takes of each: gains of both cancel.
TEST(SavingUncertainty, OfWeightsIsThatOfEachRatio) {
  std::mt19937_64 random(11);
  MadePlace place = made(random, 0);
  PlanRequest request = request_of({place});
  request.places[0].pue->relative_u = 0.02;
  request.places[0].intensity->errors.clear();
  request.places[0].intensity->relative_u = 0.1;
  request.objective = *parse_plan_objective("carbon=0.5,energy=0.5", "--objective");

  const auto gains = make_plan(request);
  request.places[0].pue->relative_u = 0;
  const auto amount = make_plan(request);

  ASSERT_TRUE(gains && amount);
  EXPECT_FALSE(gains->planned.saving_u_pct);
  EXPECT_TRUE(amount->planned.saving_u_pct);
}

/// A ratio to what may be next to nothing does not follow in a straight line.
TEST(SavingUncertainty, CoversTheTruthWhereRunningNowIsHardlyKnown) {
  const double now = (11 + kUnknown) / 2;
  const std::vector<plan::TermTotal> of_now{{1, {now, {{"unicorn", false, 0, kUnknownU / 2}}, 0}}};
  const std::vector<plan::TermTotal> planned{{1, {11, {{"unicorn", false, 0, 0}}, 0}}};

  const auto u = plan::saving_u_pct(of_now, planned, true);

  ASSERT_TRUE(u);
  const double told = 100 * (1 - 11 / now);
  int covered = 0;
  constexpr int kSources = 1000;
  for (int i = 0; i < kSources; ++i) {
    const double grams = (11 + 11 + (i + 0.5) / kSources * 809) / 2;
    covered += std::abs(100 * (1 - 11 / grams) - told) <= 2 * *u ? 1 : 0;
  }
  EXPECT_GT(covered, 0.93 * kSources);
  EXPECT_LT(*u, 20);
}

}  // namespace
}  // namespace joulery
