// plan: one job with its places, forecasts and uncertainties.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "joulery/plan.h"
#include "plan/made_times.h"

namespace joulery {
namespace {

using std::chrono::hours;
using testing::Contains;
using testing::HasSubstr;

/// An hour each.
Series hourly(SeriesMeasure measure, const std::vector<double>& values, double scale = 1) {
  Series series;
  series.measure = measure;
  series.source = "test";
  series.relative_u = 1e-12;  // told, and next to nothing
  for (std::size_t i = 0; i < values.size(); ++i)
    series.pieces.push_back(
        {at(static_cast<int>(i)), at(static_cast<int>(i) + 1), values[i] * scale});
  return series;
}

/// In g/kWh.
Series intensity(const std::vector<double>& values) {
  Series series = hourly(SeriesMeasure::kIntensity, values, 1 / kJoulesPerKilowattHour);
  series.kind = "average";
  return series;
}

PlanPlace place_of(Series series, std::string name = {}) {
  PlanPlace place;
  place.name = std::move(name);
  place.place.pue.estimate = Estimate<double>::missing("no PUE: --pue");
  place.place.intensity.estimate = Estimate<GramsPerJoule>::missing("no intensity: --intensity");
  place.place.electricity_price.estimate = Estimate<MoneyPerJoule>::missing("no price");
  place.intensity = std::move(series);
  return place;
}

PlanPlace with_pue(PlanPlace place, double pue) {
  place.place.pue.estimate = Estimate<double>::of(pue, 0, Evidence::kConstant, "PUE");
  return place;
}

/// At 300 g/kWh and a PUE of 1; USD/kWh.
PlanPlace priced(const char* name, double price) {
  PlanPlace place = with_pue(place_of(intensity({300, 300, 300, 300, 300, 300}), name), 1);
  place.place.electricity_price.estimate =
      Estimate<MoneyPerJoule>::of(MoneyPerJoule(price / kJoulesPerKilowattHour), MoneyPerJoule(0),
                                  Evidence::kConstant, "price");
  place.place.currency = "USD";
  return place;
}

/// 1 kW for two hours, which may wait four.
PlanRequest request_of(std::vector<PlanPlace> places) {
  PlanRequest request;
  request.places = std::move(places);
  request.job.length = hours(2);
  request.job.slack = hours(4);
  request.load = Estimate<Watts>::of(Watts(1000), Watts(100), Evidence::kConstant, "load");
  return request;
}

Plan plan_of(const PlanRequest& request) {
  auto plan = make_plan(request);
  EXPECT_TRUE(plan) << plan.error().message;
  return plan ? std::move(plan).value() : Plan{};
}

TEST(Plan, TellsWhatIsSavedAgainstRunningNow) {
  const Plan plan =
      plan_of(request_of({with_pue(place_of(intensity({400, 400, 100, 100, 300, 400})), 1.5)}));

  EXPECT_EQ(plan.planned.slots[0].begin, at(2));
  EXPECT_NEAR(plan.now.carbon.value->count(), 1.5 * 800, 1e-9);
  EXPECT_NEAR(plan.planned.carbon.value->count(), 1.5 * 200, 1e-9);
  EXPECT_NEAR(plan.planned.site_energy.value->count(), 1.5 * 2 * kJoulesPerKilowattHour, 1e-3);
  EXPECT_NEAR(*plan.planned.saving_pct, 75, 1e-9);
  EXPECT_FALSE(plan.planned.saving_u_pct);  // the load's uncertainty is in both
  EXPECT_NEAR(plan.planned.carbon.u.count(), 0.1 * 300, 1e-9);
  EXPECT_EQ(plan.intensity_kind, "average");
}

TEST(Plan, NoSeriesIsWithoutUncertainty) {
  PlanPlace place = place_of(intensity({400, 400, 100, 100, 300, 400}));
  place.intensity->relative_u = 0;
  place.pue = hourly(SeriesMeasure::kPue, {1.25, 1.25, 1.25, 1.25, 1.25, 1.25});
  place.pue->relative_u = 0;

  const Plan plan = plan_of(request_of({place}));

  const double carbon = 1.25 * 200;
  const double pue_u = 0.1 / std::sqrt(3.0) / 1.25;
  EXPECT_NEAR(plan.planned.carbon.u.count(), carbon * std::hypot(0.1, 0.1, pue_u), 1e-9);
  EXPECT_THAT(plan.warnings, testing::Contains(testing::HasSubstr("taken as 10 %")));
  EXPECT_THAT(plan.warnings, testing::Contains(testing::HasSubstr("taken as +-0.1")));
}

TEST(Plan, WaitsForWhatIsKnownWhereRunningNowIsNot) {
  Series series = intensity({400, 400, 100, 100, 300, 400});
  series.pieces.erase(series.pieces.begin());

  const Plan plan = plan_of(request_of({with_pue(place_of(std::move(series)), 1.5)}));

  EXPECT_EQ(plan.planned.slots[0].begin, at(2));
  EXPECT_FALSE(plan.now.carbon);
  EXPECT_NEAR(plan.now.site_energy.value->count(), 1.5 * 2 * kJoulesPerKilowattHour, 1e-6);
  EXPECT_NEAR(plan.now.it_energy.value->count(), 2 * kJoulesPerKilowattHour, 1e-6);
  EXPECT_FALSE(plan.planned.saving_pct);
  EXPECT_THAT(plan.warnings, testing::Contains(testing::HasSubstr("running now is not known")));
}

TEST(Plan, ComparesNoMarginalSeriesWithOneThatTellsNoKind) {
  PlanRequest request = request_of(
      {place_of(intensity({400, 400, 100}), "A"), place_of(intensity({400, 400, 100}), "B")});
  request.places[0].intensity->kind = "marginal";
  request.places[1].intensity->kind = "";

  const auto plan = make_plan(request);

  ASSERT_FALSE(plan);
  EXPECT_THAT(plan.error().message, testing::HasSubstr("--intensity-kind"));
}

TEST(Plan, PlansWithoutAPueButTellsNoCarbon) {
  const Plan plan = plan_of(request_of({place_of(intensity({400, 400, 100, 100, 300, 400}))}));

  EXPECT_NEAR(*plan.planned.saving_pct, 75, 1e-9);
  EXPECT_FALSE(plan.planned.carbon);
  EXPECT_THAT(plan.planned.carbon.why, HasSubstr("--pue"));
  EXPECT_THAT(plan.warnings, Contains(HasSubstr("the PUE is not known")));
}

TEST(Plan, WeighsPueAgainstIntensity) {
  PlanRequest request = request_of({place_of(intensity({300, 300, 300, 200, 200, 290}))});
  request.places[0].pue = hourly(SeriesMeasure::kPue, {1.9, 1.9, 1.9, 1.9, 1.9, 1.1, 1.1});
  request.job.length = hours(1);
  request.job.slack = hours(5);

  EXPECT_EQ(plan_of(request).planned.slots[0].begin, at(5));
  request.objective = *parse_plan_objective("energy", "--objective");
  EXPECT_EQ(plan_of(request).planned.slots[0].begin, at(5));
  request.places[0].pue.reset();
  const auto refused = make_plan(request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUsage);
  EXPECT_THAT(refused.error().message, HasSubstr("--pue-series"));
}

TEST(Plan, WeighsCarbonAgainstMoneyRelativeToNow) {
  PlanRequest request = request_of({with_pue(place_of(intensity({100, 50, 80})), 1)});
  request.places[0].price = hourly(SeriesMeasure::kPrice, {1, 2, 0.5});
  request.job.length = hours(1);
  request.objective = *parse_plan_objective("carbon=0.5, cost=0.5", "--objective");

  const Plan plan = plan_of(request);

  EXPECT_EQ(plan.planned.slots[0].begin, at(2));  // 0.5 x 0.8 + 0.5 x 0.5 of now
  EXPECT_NEAR(*plan.planned.saving_pct, 35, 1e-9);
}

TEST(Plan, WeighsByWhatWeightsAreToEachOther) {
  PlanRequest request = request_of({with_pue(place_of(intensity({100, 50, 80})), 1)});
  request.places[0].price = hourly(SeriesMeasure::kPrice, {1, 2, 0.5});
  request.job.length = hours(1);
  request.objective = *parse_plan_objective("carbon=1e308,cost=1e308", "--objective");

  EXPECT_NEAR(*plan_of(request).planned.saving_pct, 35, 1e-9);
}

TEST(Plan, GoesWhereAndWhenItIsBest) {
  PlanRequest request =
      request_of({with_pue(place_of(intensity({400, 400, 300, 300, 400, 400}), "A"), 1.2),
                  with_pue(place_of(intensity({500, 500, 500, 100, 100, 500}), "B"), 2)});
  request.places[1].intensity->relative_u = 0.1;

  const Plan plan = plan_of(request);

  EXPECT_EQ(plan.now.place, "A");
  EXPECT_EQ(plan.planned.place, "B");
  EXPECT_EQ(plan.planned.slots[0].begin, at(3));
  EXPECT_NEAR(*plan.planned.saving_pct, 100 * (1 - 400.0 / 960), 1e-9);
  EXPECT_NEAR(*plan.planned.saving_u_pct, 0.1 * 100 * 400.0 / 960, 1e-9);
  ASSERT_EQ(plan.places.size(), 2u);
  EXPECT_NEAR(*plan.places[0].saving_pct, 25, 1e-9);
}

TEST(Plan, CountsWhatAMoveTakes) {
  PlanRequest request =
      request_of({with_pue(place_of(intensity({300, 300, 300, 300, 300, 300}), "A"), 1),
                  with_pue(place_of(intensity({200, 200, 200, 200, 200, 200}), "B"), 1)});

  EXPECT_EQ(plan_of(request).planned.place, "B");
  request.transfer_energy = Joules(0.5 * kJoulesPerKilowattHour);
  EXPECT_NEAR(plan_of(request).planned.carbon.value->count(), 500, 1e-9);
  request.transfer_energy = Joules(2 * kJoulesPerKilowattHour);
  EXPECT_EQ(plan_of(request).planned.place, "A");
}

// 2 kWh at 0.30 and at 0.10 USD/kWh, see request_of().
TEST(Plan, CountsTheMoneyOfAMove) {
  PlanRequest request = request_of({priced("A", 0.30), priced("B", 0.10)});
  request.objective = {.carbon = 0, .cost = 1, .text = "cost"};
  request.transfer_currency = "USD";

  request.transfer_cost = Money(0.1);
  const Plan moved = plan_of(request);
  EXPECT_EQ(moved.planned.place, "B");
  EXPECT_NEAR(moved.planned.cost.value->count(), 0.3, 1e-9);
  EXPECT_NEAR(moved.places.at(0).cost.value->count(), 0.6, 1e-9);
  EXPECT_NEAR(*moved.planned.saving_pct, 50, 1e-9);
  // Of 10 % more load the price of the move is less, which was a sixth of what is left.
  EXPECT_NEAR(moved.planned.cost.u.count(), 0.02, 1e-9);
  EXPECT_NEAR(*moved.planned.saving_u_pct, 100 * 0.1 / 6, 1e-9);

  EXPECT_THAT(moved.warnings, Contains(HasSubstr("0.1 USD of the cost")));

  request.transfer_cost = Money(0.5);
  EXPECT_EQ(plan_of(request).planned.place, "A");
}

TEST(Plan, WeighsTheMoneyOfAMove) {
  PlanRequest request = request_of({priced("A", 0.30), priced("B", 0.10)});
  request.objective = {.carbon = 0.5, .cost = 0.5, .text = "carbon=0.5,cost=0.5"};
  request.transfer_currency = "USD";

  // The carbon is the same; money goes from 0.6 to 0.2 and the move.
  request.transfer_cost = Money(0.1);
  EXPECT_NEAR(*plan_of(request).planned.saving_pct, 25, 1e-6);
  request.transfer_cost = Money(0.41);
  EXPECT_EQ(plan_of(request).planned.place, "A");
}

TEST(Plan, RefusesTheMoneyOfAMoveThatCountsNowhere) {
  PlanRequest request = request_of({priced("A", 0.30), priced("B", 0.10)});
  request.transfer_cost = Money(1);
  request.transfer_currency = "EUR";
  EXPECT_THAT(make_plan(request).error().message, HasSubstr("--transfer-cost is in EUR"));

  request.load = Estimate<Watts>::missing("none");
  EXPECT_THAT(make_plan(request).error().message, HasSubstr("--transfer-cost: needs the job's"));

  request = request_of({with_pue(place_of(intensity({300, 300}), "A"), 1),
                        with_pue(place_of(intensity({200, 200}), "B"), 1)});
  request.transfer_cost = Money(1);
  request.transfer_currency = "USD";
  EXPECT_THAT(make_plan(request).error().message, HasSubstr("--transfer-cost: needs a price"));
}

TEST(Plan, BeginsElsewhereWhereTheMoveIsCheap) {
  PlanRequest request =
      request_of({with_pue(place_of(intensity({500, 500, 500, 500, 500, 500, 500}), "A"), 1.2),
                  with_pue(place_of(intensity({1000, 100, 100, 300, 10, 300, 300}), "B"), 1.2)});
  request.transfer_energy = Joules(5 * kJoulesPerKilowattHour);

  const Plan plan = plan_of(request);

  // (10 + 300 + 5 x 10) x 1.2; the cheapest window alone would begin at 1.
  EXPECT_EQ(plan.planned.place, "B");
  EXPECT_EQ(plan.planned.slots[0].begin, at(4));
  EXPECT_NEAR(plan.planned.carbon.value->count(), 432, 1e-9);
}

TEST(Plan, IsNotRefusedForAGapInWhatItDoesNotGoBy) {
  PlanRequest request = request_of({with_pue(place_of(intensity({1, 2, 3, 4, 5, 6})), 1.5)});
  request.places[0].price = hourly(SeriesMeasure::kPrice, {5, 5, 1, 1, 5, 5});
  auto& pieces = request.places[0].intensity->pieces;
  pieces.erase(pieces.begin() + 2);
  pieces.erase(pieces.begin());
  request.objective = *parse_plan_objective("cost", "--objective");

  const Plan plan = plan_of(request);

  EXPECT_EQ(plan.planned.slots[0].begin, at(2));
  EXPECT_FALSE(plan.planned.carbon);
  EXPECT_FALSE(plan.now.carbon);
  EXPECT_NEAR(*plan.planned.saving_pct, 80, 1e-9);
}

TEST(Plan, NeverMixesKindsOfIntensity) {
  Series marginal = intensity({1, 1, 1, 1, 1, 1});
  marginal.kind = "marginal";

  const auto plan =
      make_plan(request_of({with_pue(place_of(intensity({300, 300, 300, 300, 300, 300}), "A"), 1),
                            with_pue(place_of(marginal, "B"), 1)}));

  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(plan.error().message, HasSubstr("never compared"));
}

TEST(Plan, ComparesNoPlacesWithoutTheirPue) {
  const auto plan = make_plan(request_of({with_pue(place_of(intensity({3, 3, 3, 3, 3, 3}), "A"), 1),
                                          place_of(intensity({1, 1, 1, 1, 1, 1}), "B")}));

  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, ErrorCode::kUsage);
}

TEST(Plan, IsHeldAgainstAnOracleWhereAForecastMadeIt) {
  PlanRequest request =
      request_of({with_pue(place_of(intensity({400, 400, 100, 100, 300, 300})), 1)});
  request.places[0].forecast = intensity({400, 400, 300, 300, 100, 100});

  const Plan plan = plan_of(request);

  EXPECT_EQ(plan.planned.slots[0].begin, at(4));
  EXPECT_NEAR(*plan.planned.saving_pct, 25, 1e-9);
  ASSERT_TRUE(plan.oracle);
  EXPECT_EQ(plan.oracle->slots[0].begin, at(2));
  EXPECT_NEAR(*plan.oracle->saving_pct, 75, 1e-9);
}

TEST(Plan, GoesByAForecastAlone) {
  Series forecast = intensity({400, 400, 300, 300, 100, 100});
  forecast.forecast = true;
  PlanRequest request = request_of({with_pue(place_of(forecast), 1)});
  request.places[0].intensity.swap(request.places[0].forecast);

  const Plan plan = plan_of(request);

  EXPECT_EQ(plan.planned.slots[0].begin, at(4));
  EXPECT_FALSE(plan.oracle);
  EXPECT_THAT(plan.warnings, Contains(HasSubstr("is a forecast, taken as exact")));
}

TEST(Plan, TellsThatNothingIsKnownOfTheTimeOfTheJob) {
  PlanRequest request = request_of({with_pue(place_of(intensity({400, 300})), 1)});
  request.job.release = at(100);

  const auto refused = make_plan(request);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(refused.error().message, HasSubstr("nothing is known from"));
}

TEST(Plan, GoesByAForecastThatReachesBeyondWhatWas) {
  Series forecast = intensity({400, 400, 300, 300, 100, 100});
  forecast.forecast = true;
  PlanRequest request = request_of({with_pue(place_of(intensity({400, 400, 300, 300})), 1)});
  request.places[0].forecast = forecast;

  const Plan plan = plan_of(request);

  EXPECT_EQ(plan.planned.slots[0].begin, at(4));
  EXPECT_TRUE(plan.now.carbon);
  EXPECT_FALSE(plan.planned.carbon);
  EXPECT_THAT(plan.planned.carbon.why, HasSubstr("do not cover"));
  EXPECT_FALSE(plan.planned.saving_pct);
  EXPECT_FALSE(plan.oracle);
  EXPECT_THAT(plan.warnings, Contains(HasSubstr("does not reach as far as the plan")));

  request.forecast_error = 0.1;
  const auto refused = make_plan(request);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("--forecast-error"));
}

TEST(Plan, TellsTheSpreadOfForecastErrors) {
  PlanRequest request =
      request_of({with_pue(place_of(intensity({400, 400, 200, 210, 220, 300})), 1)});
  request.forecast_error = 0.3;

  const Plan plan = plan_of(request);
  const Plan again = plan_of(request);

  ASSERT_TRUE(plan.spread);
  EXPECT_EQ(plan.spread->draws, 100);
  EXPECT_LT(plan.spread->mean_pct, *plan.planned.saving_pct);
  EXPECT_LE(plan.spread->low_pct, plan.spread->mean_pct);
  EXPECT_LE(plan.spread->high_pct, *plan.planned.saving_pct + 1e-9);
  EXPECT_EQ(plan.spread->mean_pct, again.spread->mean_pct);
}

TEST(Plan, CountsTheEnergyOfResumes) {
  PlanRequest request =
      request_of({with_pue(place_of(intensity({400, 100, 400, 100, 400, 400})), 1)});
  request.job.interruptible = true;
  request.resume_energy = Joules(0.5 * kJoulesPerKilowattHour);

  const Plan plan = plan_of(request);

  EXPECT_EQ(plan.planned.slots.size(), 2u);
  EXPECT_NEAR(plan.planned.carbon.value->count(), 250, 1e-9);
  EXPECT_NEAR(plan.planned.it_energy.value->count(), 2.5 * kJoulesPerKilowattHour, 1e-3);
  EXPECT_THAT(plan.warnings, Contains(HasSubstr("add 25 % to the IT energy")));
}

TEST(PlanObjective, IsANameOrWeights) {
  EXPECT_EQ(parse_plan_objective("cost", "--objective")->cost, 1);
  EXPECT_EQ(parse_plan_objective("carbon=1,energy=4", "--objective")->carbon, 0.25);
  for (const char* text :
       {"", "edp", "carbon=", "carbon=-1", "carbon=0", "carbon,cost", "cost=1,cost=2"})
    EXPECT_FALSE(parse_plan_objective(text, "--objective")) << text;
}

}  // namespace
}  // namespace joulery
