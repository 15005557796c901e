// joulery plan: when, and where, to run one job.
#include <fmt/format.h>

#include <chrono>
#include <iostream>

#include "commands.h"
#include "common.h"
#include "joulery/plan.h"
#include "joulery/report.h"
#include "plan_request.h"

namespace joulery::cli {
namespace {

constexpr std::array kAllStartsFlag = {
    Flag{"--all-starts", "", "",
         "plan from every slot of the series, per kW of constant load; --at does not count"},
};

/// Refused where they would change what is planned; named where they change nothing.
Result<void> check_all_starts(const Args& args) {
  for (const char* flag : {"--deadline", "--from", "--sweep", "--forecast", "--forecast-error",
                           "--transfer-energy", "--transfer-cost"})
    if (args.has(flag))
      return Error{ErrorCode::kUsage,
                   fmt::format("{}: is of one job; --all-starts plans from every slot of the "
                               "series, at constant load and with --slack",
                               flag)};
  return {};
}

Result<int> print_all_starts(PlanRequest request, const TimeZone& zone, const Args& args) {
  for (const char* flag : {"--at", "--load"})
    if (args.has(flag))
      request.notes.push_back(fmt::format("{} does not count: from every slot, per kW", flag));
  JOULERY_TRY(const AllStartsPlan plan, make_all_starts_plan(request));
  if (args.has("--json"))
    write_all_starts_json(plan, std::cout);
  else
    write_all_starts_text(plan, zone, std::cout);
  return 0;
}

Result<int> cmd_plan(const Args& args) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  if (args.has("--all-starts")) JOULERY_CHECK(check_all_starts(args));
  JOULERY_TRY(const PlanRequest request, plan_request_of(args, now));
  JOULERY_TRY(const TimeZone zone, TimeZone::named(args.get("--time-zone", "UTC"), "--time-zone"));
  if (args.has("--all-starts")) return print_all_starts(request, zone, args);
  JOULERY_TRY(const Plan plan, make_plan(request));
  if (args.has("--json"))
    write_plan_json(plan, std::cout);
  else
    write_plan_text(plan, zone, std::cout);
  return 0;
}

}  // namespace

Command plan_command() {
  return {.name = "plan",
          .summary = "Plans when, and where, to run one job, and what that saves.",
          .usage = "--duration DURATION --slack DURATION --series FILE[:COLUMN] [FLAG...]",
          .least_words = 0,
          .most_words = 0,
          .word = "a word",
          .flags = {kPlanJobFlags, kPlanSeriesFlags, kPlaceFlags, kAllStartsFlag, kJsonFlag},
          .example =
              "joulery plan --duration 6h --slack 24h --load 5kW --where "
              "gcp:us-central1,gcp:europe-west1",
          .run = cmd_plan};
}

}  // namespace joulery::cli
