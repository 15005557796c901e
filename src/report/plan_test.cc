// report: plans, held by the files of tests/golden/.
#include <gtest/gtest.h>

#include <sstream>

#include "joulery/report.h"
#include "report/golden.h"
#include "report/sample_plan.h"

namespace joulery {
namespace {

std::string text_of(const Plan& plan) {
  std::ostringstream out;
  write_plan_text(plan, TimeZone(), out);
  return out.str();
}

TEST(Golden, Plan) {
  PlanRequest request = sample_plan_request();
  request.job.interruptible = true;
  request.resume_energy = Joules(kJoulesPerKilowattHour);
  request.places[0].forecast = request.places[0].intensity;
  request.places[1].forecast = request.places[0].intensity;
  request.forecast_error = 0.15;
  const auto plan = make_plan(request);
  ASSERT_TRUE(plan) << plan.error().message;
  std::ostringstream json;
  write_plan_json(*plan, json);

  expect_golden("plan.text", text_of(*plan));
  expect_golden("plan.json", json.str());
  expect_fits(text_of(*plan));
}

TEST(Golden, PlanOfOnePlaceOfWhichLittleIsKnown) {
  PlanRequest request = sample_plan_request();
  request.places.resize(1);
  request.places[0].name.clear();
  request.places[0].price.reset();
  request.places[0].intensity->kind.clear();
  request.places[0].place.pue.estimate = Estimate<double>::missing("no PUE: --pue");
  request.places[0].place.electricity_price.estimate =
      Estimate<MoneyPerJoule>::missing("no electricity price: --electricity-price");
  request.load = Estimate<Watts>::missing("the job's power is not known: --load 5kW");
  const auto plan = make_plan(request);
  ASSERT_TRUE(plan) << plan.error().message;

  expect_golden("plan_bare.text", text_of(*plan));
  expect_fits(text_of(*plan));
}

TEST(Golden, PlanOfAllStarts) {
  PlanRequest request = sample_plan_request();
  request.places.resize(1);
  request.places[0].intensity->pieces.resize(12);
  request.places[0].price.reset();
  request.job.length = std::chrono::hours(4);
  request.job.slack = std::chrono::hours(3);
  const auto plan = make_all_starts_plan(request);
  ASSERT_TRUE(plan) << plan.error().message;
  std::ostringstream text;
  std::ostringstream json;
  write_all_starts_text(*plan, TimeZone(), text);
  write_all_starts_json(*plan, json);

  expect_golden("plan_all.text", text.str());
  expect_golden("plan_all.json", json.str());
  expect_fits(text.str());
}

}  // namespace
}  // namespace joulery
