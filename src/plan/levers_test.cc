// plan: cap, time and place, each alone and together.
#include "plan/levers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "plan/made_times.h"

namespace joulery {
namespace {

using std::chrono::hours;

PlanPlace place_of(const std::string& name, const std::vector<double>& grams) {
  PlanPlace place;
  place.name = name;
  place.place.pue.estimate = Estimate<double>::of(1, 0, Evidence::kConstant);
  place.intensity.emplace();
  for (std::size_t i = 0; i < grams.size(); ++i)
    place.intensity->pieces.push_back(
        {at(static_cast<int>(i)), at(static_cast<int>(i) + 1), grams[i] / kJoulesPerKilowattHour});
  return place;
}

/// 1 kW for two hours; the lower cap takes half as long again and 20 % less energy.
PlanRequest request_of(std::vector<PlanPlace> places, Seconds slack) {
  PlanRequest request;
  request.places = std::move(places);
  request.job.length = hours(2);
  request.job.slack = slack;
  request.load = Estimate<Watts>::of(Watts(1000), Watts(0), Evidence::kConstant, "load");
  request.caps = {{Watts(250), 1, 1}, {Watts(150), 1.5, 0.8}};
  return request;
}

double saving(const std::vector<PlanLever>& levers, const std::string& name) {
  for (const PlanLever& lever : levers)
    if (lever.name == name) return *lever.run.saving_pct;
  return -1000;
}

TEST(PlanLevers, AreShownAloneAndTogether) {
  const auto levers =
      plan::plan_levers(request_of({place_of("A", {400, 400, 400, 200, 200, 200, 400}),
                                    place_of("B", {300, 300, 300, 100, 100, 100, 300})},
                                   hours(4)));

  ASSERT_TRUE(levers) << levers.error().message;
  EXPECT_NEAR(saving(*levers, "cap"), 20, 1e-9);
  EXPECT_NEAR(saving(*levers, "time"), 50, 1e-9);
  EXPECT_NEAR(saving(*levers, "place"), 25, 1e-9);
  EXPECT_NEAR(saving(*levers, "all together"), 80, 1e-9);
  EXPECT_EQ(levers->back().cap, Watts(150));
  EXPECT_EQ(levers->back().run.place, "B");
  EXPECT_NEAR(levers->back().run.it_energy.value->count(), 1.6 * kJoulesPerKilowattHour, 1e-3);
}

TEST(PlanLevers, KeepTheDeadline) {
  const auto levers = plan::plan_levers(request_of({place_of("", {400, 300, 400})}, Seconds(0)));

  ASSERT_TRUE(levers) << levers.error().message;
  EXPECT_NEAR(saving(*levers, "cap"), 0, 1e-9);
  EXPECT_EQ(levers->back().cap, Watts(250));
  EXPECT_EQ(levers->back().run.slots[0].end, at(2));
}

TEST(PlanLevers, WeighTheCapAgainstTheSlackThatItTakes) {
  // Two hours of 100 g fit the highest cap alone.
  const auto levers =
      plan::plan_levers(request_of({place_of("", {400, 100, 100, 400, 400})}, hours(1)));

  ASSERT_TRUE(levers) << levers.error().message;
  EXPECT_EQ(levers->back().cap, Watts(250));
  EXPECT_NEAR(saving(*levers, "all together"), 60, 1e-9);
}

const PlanLever& lever(const Plan& plan, const std::string& name) {
  return *std::find_if(plan.levers.begin(), plan.levers.end(),
                       [&](const PlanLever& one) { return one.name == name; });
}

bool warns(const Plan& plan, const std::string& part) {
  return std::any_of(plan.warnings.begin(), plan.warnings.end(), [&](const std::string& warning) {
    return warning.find(part) != std::string::npos;
  });
}

TEST(PlanLevers, AreAsSureAsWhatTheirCapDoes) {
  PlanRequest request = request_of({place_of("", {400, 400, 400, 400, 400, 100})}, hours(4));
  request.load.u = Watts(10);
  request.caps[1].energy_u = 0.05;

  const auto plan = make_plan(request);

  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_NEAR(*lever(*plan, "cap").run.saving_pct, 20, 1e-9);
  EXPECT_NEAR(*lever(*plan, "cap").run.saving_u_pct, 80 * 0.05, 1e-6);
  EXPECT_FALSE(lever(*plan, "time").run.saving_u_pct) << "the load cancels";
  const auto& energy = lever(*plan, "cap").run.it_energy;
  EXPECT_NEAR(energy.u / *energy.value, std::hypot(0.01, 0.05), 1e-9);
  EXPECT_EQ(energy.top, "effect of the cap");
  EXPECT_NEAR(plan->now.it_energy.u / *plan->now.it_energy.value, 0.01, 1e-9);
  EXPECT_FALSE(warns(*plan, "taken as exact where"));
}

TEST(PlanLevers, AreAsSureAsTheirCapInWhatGrowsWithTheLoadAlone) {
  PlanRequest request = request_of(
      {place_of("A", {400, 400, 400, 400}), place_of("B", {100, 100, 100, 100})}, hours(1));
  request.places[0].intensity->relative_u = request.places[1].intensity->relative_u = 1e-12;
  request.caps[1].energy_u = 0.05;
  request.transfer_energy = Joules(0.4 * kJoulesPerKilowattHour);

  const auto plan = make_plan(request);

  // 1.6 kWh of the job and 0.4 kWh of the move at 100 g, against 2 kWh at 400 g.
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_NEAR(*plan->planned.saving_pct, 75, 1e-9);
  EXPECT_NEAR(*plan->planned.saving_u_pct, 20 * 0.05, 1e-6);
}

TEST(PlanLevers, SayWhereTheTableDoesNotTellHowSureItIs) {
  const auto plan = make_plan(request_of({place_of("", {400, 300, 400, 400})}, hours(1)));

  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_FALSE(plan->planned.saving_u_pct);
  EXPECT_TRUE(warns(*plan, "taken as exact where"));
}

TEST(PlanLevers, WarnOfACapThatMayMissTheDeadline) {
  PlanRequest request = request_of({place_of("", {400, 400, 300, 300, 300, 400})}, hours(3));
  request.caps[1].energy_u = 0.01;
  request.caps[1].time_u = 0.02;

  const auto late = make_plan(request);  // in the hours from the second to the fifth, the last
  request.job.slack = hours(4);
  const auto early = make_plan(request);

  ASSERT_TRUE(late && early);
  ASSERT_EQ(late->planned.slots.back().end, at(5));
  EXPECT_TRUE(warns(*late, "at 150 W the job may take 4 % longer"));
  EXPECT_FALSE(warns(*early, "longer"));
}

TEST(PlanLevers, AreNotHeldAgainstForecasts) {
  PlanRequest request = request_of({place_of("", {400, 300, 400})}, hours(1));
  request.forecast_error = 0.1;

  const auto plan = make_plan(request);

  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, ErrorCode::kUsage);
}

TEST(PlanLevers, NeedALoad) {
  PlanRequest request = request_of({place_of("", {400, 300, 400})}, hours(1));
  request.load = Estimate<Watts>::missing("no load");

  const auto levers = plan::plan_levers(request);

  ASSERT_FALSE(levers);
  EXPECT_EQ(levers.error().code, ErrorCode::kUsage);
}

}  // namespace
}  // namespace joulery
