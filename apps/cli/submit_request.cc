// joulery: from flags and sbatch's words to what is handed to Slurm, see submit_request.h.
#include "submit_request.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>

#include "base/clock.h"
#include "base/errors.h"
#include "common.h"
#include "output.h"
#include "plan_request.h"

namespace joulery::cli {
namespace {

Result<void> check_flags(const Args& args) {
  if (args.has("--json"))
    return usage("--json: standard output belongs to sbatch; for example --output submit.json");
  for (const char* const flag : {"--where", "--transfer-energy", "--transfer-cost"})
    if (args.has(flag))
      return usage(
          fmt::format("{}: the job runs where its Slurm is; joulery plan compares places", flag));
  if (!args.has("--output")) return {};
  return check_output(args.get("--output"), "--output");
}

template <class Flags>
Result<void> refuse_beside_plan(const Args& args, const Flags& flags) {
  for (const Flag& flag : flags)
    if (args.has(flag.name))
      return usage(fmt::format("--plan: the plan is made already: no {} beside it", flag.name));
  return {};
}

/// Without --duration the job's own time limit, an upper bound, where it is certain.
Result<Args> with_duration(const Args& args, const SbatchCall& call) {
  if (args.has("--duration")) return args;
  JOULERY_TRY(const auto limit, time_limit_of(call));
  if (!limit || !is_limit_certain(call))
    return usage(
        "needs --duration, how long the job runs, or sbatch --time; for example "
        "--duration 6h" +
        (call.unknown.empty() ? "" : " (" + call.unknown + ")"));
  Args with = args;
  with.assume("--duration", fmt::format("{:.0f}s", limit->count()), call.find("time")->from);
  return with;
}

PlannedTimes times_of(const Plan& plan, const PlanRequest& request, const Args& args) {
  PlannedTimes times;
  for (const Slot& slot : plan.planned.slots) times.slots.emplace_back(slot.begin, slot.end);
  const JobShape& job = request.job;
  if (args.has("--deadline"))
    times.deadline = job.release + std::chrono::round<Micros>(job.slack + job.length);
  return times;
}

Result<SubmitTask> plan_task(const Args& args, SbatchCall call) {
  SubmitTask task;
  // Before the work of planning; that a job needs no pause after all is known behind it only.
  JOULERY_CHECK(check_submit(call, args.has("--interruptible")));
  JOULERY_TRY(const Args with, with_duration(args, call));
  JOULERY_TRY(task.zone, TimeZone::named(args.get("--time-zone", "UTC"), "--time-zone"));
  const auto now = std::chrono::floor<std::chrono::seconds>(wall_now());
  auto request = plan_request_of(with, now);
  if (!request) return with.explain(std::move(request).error());
  JOULERY_TRY(task.plan, make_plan(*request));
  JOULERY_TRY(task.request, make_submit_request(std::move(call),
                                                times_of(*task.plan, *request, args), wall_now()));
  return task;
}

}  // namespace

Result<SubmitTask> read_submit_task(const Args& args) {
  JOULERY_CHECK(check_flags(args));
  JOULERY_TRY(SbatchCall call, read_sbatch_call(args.words(), STDIN_FILENO));
  SubmitTask task;
  if (args.has("--plan")) {
    JOULERY_CHECK(refuse_beside_plan(args, kPlanJobFlags));
    JOULERY_CHECK(refuse_beside_plan(args, kPlanSeriesFlags));
    JOULERY_TRY(const PlannedTimes times, read_plan_document(args.get("--plan")));
    JOULERY_TRY(task.request, make_submit_request(std::move(call), times, wall_now()));
  } else {
    JOULERY_TRY(task, plan_task(args, std::move(call)));
  }
  task.request.pause_partition = args.get("--pause-partition");
  return task;
}

}  // namespace joulery::cli
