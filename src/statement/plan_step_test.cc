// statement: plans of `joulery plan --json`, and whether runs kept to them.
#include <gmock/gmock.h>

#include <cstdio>
#include <fstream>

#include "base/text.h"
#include "statement/statement_fixture.h"

namespace joulery {
namespace {

using testing::HasSubstr;

Result<StatedPlan> read(const std::string& text) {
  const std::string path = testing::TempDir() + "joulery-stated-plan.json";
  std::ofstream(path) << text;
  auto plan = read_stated_plan(path);
  std::remove(path.c_str());
  return plan;
}

const char* const kPlan =
    R"({"schema": "joulery/plan/1", "objective": "carbon", "now": {"start": "2026-01-01T18:00:00Z"},
        "planned": {"start": "2026-01-02T02:00:00Z", "place": "FRA",
                    "slots": [["2026-01-02T02:00:00Z", "2026-01-02T05:00:00Z"]]},
        "saving_pct": 14.2, "saving_u_pct": null})";

TEST(StatedPlans, AreReadFromThePlanThatWasWritten) {
  const auto plan = read(kPlan);

  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(plan->objective, "carbon");
  EXPECT_EQ(plan->place, "FRA");
  EXPECT_EQ(plan->now, *parse_time("2026-01-01T18:00:00Z"));
  EXPECT_EQ(plan->start, *parse_time("2026-01-02T02:00:00Z"));
  EXPECT_EQ(plan->saving_pct, 14.2);
  EXPECT_FALSE(plan->saving_u_pct);
}

TEST(StatedPlans, TellTheirObjectiveAndWhatTheyPutOff) {
  const std::string slots =
      R"("planned": {"slots": [["2026-01-02T02:00:00Z", "2026-01-02T05:00:00Z"]]}})";
  const std::string head = R"({"schema": "joulery/plan/1", )";
  const auto no_objective = read(head + R"("now": {"start": "2026-01-01T18:00:00Z"}, )" + slots);
  const auto no_now = read(head + R"("objective": "carbon", )" + slots);

  EXPECT_THAT(no_objective.error().message,
              HasSubstr("plan.json: a plan that does not tell its objective"));
  EXPECT_THAT(no_now.error().message, HasSubstr("its begin without the plan (now, start)"));
  EXPECT_THAT(read("{}").error().message, HasSubstr("joulery-stated-plan.json: no document of"));
  EXPECT_EQ(read_stated_plan("/nonexistent/plan.json").error().code, ErrorCode::kUnavailable);
}

TEST(StatedPlans, CountTheRunsThatBeganWithinTheirSlots) {
  Account inside = made_run("a"), late = made_run("b");
  inside.begin = *parse_time("2026-01-02T04:59:00Z");
  late.begin = *parse_time("2026-01-02T05:00:00Z");
  StatementExtras extras;
  extras.plans = {*read(kPlan)};

  const Statement statement = make_statement({inside, late}, "", {}, extras);

  ASSERT_EQ(statement.plans.size(), 1U);
  EXPECT_EQ(statement.plans[0].kept, 1U);
}

}  // namespace
}  // namespace joulery
