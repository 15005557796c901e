// slurm: what a plan cannot be handed over with, see joulery/slurm.h.
#include <fmt/format.h>

#include <array>

#include "joulery/slurm.h"

namespace joulery {
namespace {

struct Obstacle {
  const char* option;
  const char* why;
};

constexpr std::array kAlways = {
    Obstacle{"begin",
             "the plan chooses when the job begins: leave it out, or give the earliest "
             "start as --at before the --"},
    Obstacle{"deadline", "the plan has to know it: give it as --deadline before the --"},
};

constexpr std::array kInterruptible = {
    Obstacle{"array", "the tasks of an array cannot be paused together: submit them one by one"},
    Obstacle{"clusters", "a job of another cluster cannot be paused from here"},
    Obstacle{"quiet", "the number of the job must be told, so that it can be paused"},
    Obstacle{"uid", "the job of another user is not seen by the small jobs that pause it"},
    Obstacle{"test-only", "there would be no job to pause; --dry-run shows what would be done"},
    Obstacle{"wait", "its pauses are arranged when the job has been submitted, not at its end"},
};

template <std::size_t N>
Result<void> check(const SbatchCall& call, const std::array<Obstacle, N>& obstacles,
                   const std::string& with) {
  for (const Obstacle& obstacle : obstacles)
    if (const SbatchOption* const given = call.find(obstacle.option); given != nullptr)
      return Error{ErrorCode::kUsage, fmt::format("{}{}: {}", given->from, with, obstacle.why)};
  return {};
}

/// Only who wrote the script knows that it goes on where it was; Slurm's own default is no word of
/// theirs.
Result<void> check_requeue(const SbatchCall& call) {
  const SbatchOption* const requeue = call.find("requeue");
  if (requeue != nullptr && requeue->value == "yes") return {};
  std::string message =
      "--interruptible: a pause ends the job, and Slurm starts its script anew; say by sbatch "
      "--requeue that it then goes on where it was";
  if (requeue != nullptr) message += fmt::format(" ({} says that it does not)", requeue->from);
  if (requeue == nullptr && !call.unknown.empty())
    message += fmt::format(" (its script was not read: {})", call.unknown);
  return Error{ErrorCode::kUsage, message};
}

}  // namespace

Result<void> check_submit(const SbatchCall& call, bool interruptible) {
  if (call.heterogeneous)
    return Error{
        ErrorCode::kUsage,
        "sbatch: a heterogeneous job has a begin for each component: it cannot be handed a "
        "plan; submit it with the --begin that joulery plan tells"};
  JOULERY_CHECK(check(call, kAlways, ""));
  if (!interruptible) return {};
  JOULERY_CHECK(check_requeue(call));
  return check(call, kInterruptible, " with --interruptible");
}

}  // namespace joulery
