// plan: cap, time and place, each alone and all together, see levers.h.
#include "plan/levers.h"

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
  double total = 0;  ///< of the objective
  std::size_t place = 0;
  std::vector<TermTotal> terms;
  PlanLever lever;
};

/// The request of one cap; empty where it would miss the deadline.
std::optional<PlanRequest> at_cap(const PlanRequest& request, const PlanCap& cap,
                                  const Freedom& freedom) {
  PlanRequest out = request;
  out.caps = {cap};
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

/// Running now at the baseline, which all levers are held against.
struct Now {
  Chooser chooser;
  std::vector<Slot> slots;
  double watts = 0;

  /// To compare with what runs in other slots.
  [[nodiscard]] Result<std::vector<TermTotal>> terms(const std::vector<Slot>& other) const {
    return chooser.totals(0, slots, other);
  }
};

/// In those of another load: of each joule of the baseline's.
std::vector<TermTotal> times(std::vector<TermTotal> terms, double ratio) {
  for (TermTotal& term : terms) {
    term.total.value *= ratio;
    term.total.fixed *= ratio;
    for (Shift& shift : term.total.shifts) {
      shift.within *= ratio;
      shift.beside *= ratio;
    }
  }
  return terms;
}

/// The best place and time of one cap.
Result<std::optional<Found>> best_of(const PlanRequest& request, const PlanCap& cap, const Now& now,
                                     const char* name) {
  JOULERY_TRY(const Chooser chooser, Chooser::make(request, false));
  std::optional<Found> best;
  for (std::size_t i = 0; i < request.places.size(); ++i) {
    const auto window = chooser.best_at(i);
    if (!window) continue;
    JOULERY_TRY(const double score, chooser.score(i, window->slots));
    const double watts = request.load.value->count();
    if (best && watts * score >= best->total) continue;
    JOULERY_TRY(PlannedRun run,
                judged(request, request.places[i], chooser.rates(i), window->slots));
    JOULERY_TRY(auto terms, chooser.totals(i, window->slots, now.slots));
    best = Found{watts * score,
                 i,
                 times(std::move(terms), watts / now.watts),
                 {name, cap.cap, std::move(run)}};
  }
  return best;
}

Result<std::optional<Found>> best_of_lever(const PlanRequest& request, const Now& now,
                                           const Freedom& freedom) {
  std::optional<Found> best;
  for (const PlanCap& cap : request.caps) {
    if (!freedom.cap && &cap != &request.caps.front()) continue;
    const auto at = at_cap(request, cap, freedom);
    if (!at) continue;
    JOULERY_TRY(auto found, best_of(*at, cap, now, freedom.name));
    if (found && (!best || found->total < best->total)) best = std::move(found);
  }
  return best;
}

Result<void> put_saving(const Now& now, Found& found) {
  PlannedRun& run = found.lever.run;
  JOULERY_TRY(const auto terms, now.terms(run.slots));
  const double whole = now.watts * terms[0].total.value;
  if (whole <= 0) return {};
  run.saving_pct = 100 * (1 - found.total / whole);
  run.saving_u_pct = saving_u_pct(terms, found.terms, found.place == 0);
  return {};
}

bool is_single(const PlanObjective& objective) {
  return (objective.carbon > 0) + (objective.energy > 0) + (objective.cost > 0) == 1;
}

}  // namespace

Result<std::vector<PlanLever>> plan_levers(const PlanRequest& request) {
  if (!request.load || !is_single(request.objective))
    return Error{ErrorCode::kUsage,
                 "--sweep: needs the job's power at the baseline of its caps (--load 5kW) and one "
                 "objective: "
                 "carbon, energy or cost"};
  JOULERY_TRY(Chooser chooser, Chooser::make(request, false));
  JOULERY_TRY(const JobWindow window, chooser.now());
  const Now now{std::move(chooser), window.slots, request.load.value->count()};
  std::vector<PlanLever> levers;
  for (const Freedom& freedom : kLevers) {
    if (freedom.place && !freedom.cap && request.places.size() < 2) continue;
    JOULERY_TRY(auto found, best_of_lever(request, now, freedom));
    if (!found)
      return Error{ErrorCode::kInvalid, "no cap and no place of the plan fits what is known"};
    JOULERY_CHECK(put_saving(now, *found));
    levers.push_back(std::move(found->lever));
  }
  return levers;
}

}  // namespace joulery::plan
