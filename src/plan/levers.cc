// plan: cap, time and place, each alone and all together, see levers.h.
#include "plan/levers.h"

#include <cmath>
#include <optional>

#include "plan/chooser.h"
#include "plan/judged.h"

namespace joulery::plan {
namespace {

/// What a lever may choose.
struct Freedom {
  const char* name;
  bool cap, time, place;
};
constexpr Freedom kLevers[] = {{"cap", true, false, false},
                               {"time", false, true, false},
                               {"place", false, false, true},
                               {"all together", true, true, true}};

struct Found {
  double total = 0;       ///< of the objective, by the forecast where there is one
  double really = 0;      ///< by what came
  double relative_u = 0;  ///< against running now; 0 where all that is uncertain cancels
  PlanLever lever;
};

/// The request of one cap; empty where it would miss the deadline.
std::optional<PlanRequest> at_cap(const PlanRequest& request, const PlanCap& cap,
                                  const Freedom& freedom) {
  PlanRequest out = request;
  out.job.length = request.job.length * cap.time_ratio;
  for (LoadStep& step : out.job.profile) step.length *= cap.time_ratio;
  out.job.slack = request.job.slack + request.job.length - out.job.length;
  if (out.job.slack < Seconds(0)) return {};
  const double power = cap.energy_ratio / cap.time_ratio;
  out.load.value = *request.load.value * power;
  out.load.u = request.load.u * power;
  if (!freedom.time) {
    out.job.slack = Seconds(0);
    out.job.interruptible = false;
  }
  if (!freedom.place) out.places.resize(1);
  return out;
}

/// The best place and time of one cap.
Result<std::optional<Found>> best_of(const PlanRequest& request, const PlanCap& cap,
                                     const char* name) {
  JOULERY_TRY(const Chooser by, Chooser::make(request, true));
  JOULERY_TRY(const Chooser judge, Chooser::make(request, false));
  std::optional<Found> best;
  for (std::size_t i = 0; i < request.places.size(); ++i) {
    const auto window = by.best_at(i);
    if (!window) continue;
    JOULERY_TRY(const double score, by.score(i, window->slots));
    const double total = request.load.value->count() * score;
    if (best && total >= best->total) continue;
    JOULERY_TRY(PlannedRun run, judged(request, request.places[i], judge.rates(i), window->slots));
    JOULERY_TRY(const double really, judge.score(i, window->slots));
    const double u =
        i == 0 ? 0 : std::hypot(judge.objective(0).relative_u, judge.objective(i).relative_u);
    best = Found{total, request.load.value->count() * really, u, {name, cap.cap, std::move(run)}};
  }
  return best;
}

Result<std::optional<Found>> best_of_lever(const PlanRequest& request, const Freedom& freedom) {
  std::optional<Found> best;
  for (const PlanCap& cap : request.caps) {
    if (!freedom.cap && &cap != &request.caps.front()) continue;
    const auto at = at_cap(request, cap, freedom);
    if (!at) continue;
    JOULERY_TRY(auto found, best_of(*at, cap, freedom.name));
    if (found && (!best || found->total < best->total)) best = std::move(found);
  }
  return best;
}

void put_saving(Found& found, double now) {
  if (now <= 0) return;
  const double left = found.really / now;
  found.lever.run.saving_pct = 100 * (1 - left);
  if (found.relative_u > 0) found.lever.run.saving_u_pct = 100 * std::abs(left) * found.relative_u;
}

bool is_single(const PlanObjective& objective) {
  return (objective.carbon > 0) + (objective.energy > 0) + (objective.cost > 0) == 1;
}

}  // namespace

Result<std::vector<PlanLever>> plan_levers(const PlanRequest& request) {
  if (!request.load || !is_single(request.objective))
    return Error{
        ErrorCode::kUsage,
        "--sweep: needs the job's power at the highest cap (--load 5kW) and one objective: "
        "carbon, energy or cost"};
  JOULERY_TRY(const Chooser chooser, Chooser::make(request, false));
  JOULERY_TRY(const JobWindow now, chooser.now());
  JOULERY_TRY(const double score, chooser.score(0, now.slots));
  const double whole = score * request.load.value->count();
  std::vector<PlanLever> levers;
  for (const Freedom& freedom : kLevers) {
    if (freedom.place && !freedom.cap && request.places.size() < 2) continue;
    JOULERY_TRY(auto found, best_of_lever(request, freedom));
    if (!found)
      return Error{ErrorCode::kInvalid, "no cap and no place of the plan fits what is known"};
    put_saving(*found, whole);
    levers.push_back(std::move(found->lever));
  }
  return levers;
}

}  // namespace joulery::plan
