// plan: when and where to run one job, and what that saves, see joulery/plan.h.
#include <fmt/format.h>

#include "base/errors.h"
#include "base/text.h"
#include "joulery/plan.h"
#include "plan/chooser.h"
#include "plan/judged.h"
#include "plan/levers.h"
#include "plan/moments.h"
#include "plan/remarks.h"
#include "plan/spread.h"

namespace joulery {
namespace {

using plan::Chooser;

/// The best of each place, and which of them is the best of all.
struct Choice {
  std::vector<std::optional<JobWindow>> windows;
  std::size_t best = 0;
};

Result<Choice> choose(const PlanRequest& request, const Chooser& chooser,
                      std::vector<std::string>* warnings) {
  Choice choice;
  std::optional<double> least;
  std::optional<Error> error;
  for (std::size_t i = 0; i < request.places.size(); ++i) {
    const auto window = chooser.best_at(i);
    choice.windows.push_back(window ? std::optional(*window) : std::nullopt);
    if (!window) {
      if (!error) error = window.error();
      if (warnings != nullptr && request.places.size() > 1)
        warnings->push_back(
            fmt::format("{} is left out: {}", request.places[i].name, window.error().message));
      continue;
    }
    JOULERY_TRY(const double score, chooser.score(i, window->slots));
    if (least && score >= *least) continue;
    least = score;
    choice.best = i;
  }
  if (!least) return *error;
  return choice;
}

/// Judges slots by what really was, against running now.
class Judge {
 public:
  static Result<Judge> make(const PlanRequest& request) {
    JOULERY_TRY(Chooser chooser, Chooser::make(request, false));
    const auto now = chooser.now();
    if (!now && needs_now(request)) return now.error();
    if (!now) return Judge(request, std::move(chooser), now.error().message);
    JOULERY_TRY(const double score, chooser.score(0, now->slots));
    Judge judge(request, std::move(chooser), "");
    judge.score_ = score;
    judge.now_ = *now;
    return judge;
  }

  [[nodiscard]] const Chooser& chooser() const { return chooser_; }
  /// What the series do not cover of it is missing.
  [[nodiscard]] Result<PlannedRun> now() const {
    if (score_) return judge(0, now_.slots);
    const WallTime begin = request_.job.release;
    return judge(0, {{begin, begin + plan::micros(request_.job.length)}});
  }
  [[nodiscard]] const std::string& why_no_now() const { return why_no_now_; }
  [[nodiscard]] bool covers(std::size_t place, const std::vector<Slot>& slots) const {
    return static_cast<bool>(chooser_.score(place, slots));
  }
  [[nodiscard]] Result<double> saving(std::size_t place, const std::vector<Slot>& slots) const {
    if (!score_) return Error{ErrorCode::kInvalid, why_no_now_};
    JOULERY_TRY(const double score, chooser_.score(place, slots));
    return 100 * (1 - score / *score_);
  }
  [[nodiscard]] Result<PlannedRun> judge(std::size_t place, const std::vector<Slot>& slots) const {
    JOULERY_TRY(PlannedRun run,
                plan::judged(request_, request_.places[place], chooser_.rates(place), slots));
    // What the series do not cover is missing in the run, and has no saving.
    if (!score_ || *score_ <= 0 || !covers(place, slots)) return run;
    JOULERY_TRY(run.saving_pct, saving(place, slots));
    JOULERY_TRY(const auto now, chooser_.totals(0, now_.slots, slots));
    JOULERY_TRY(const auto planned, chooser_.totals(place, slots, now_.slots));
    run.saving_u_pct = plan::saving_u_pct(now, planned, place == 0);
    return run;
  }

 private:
  Judge(const PlanRequest& request, Chooser chooser, std::string why_no_now)
      : request_(request), chooser_(std::move(chooser)), why_no_now_(std::move(why_no_now)) {}

  /// Weights compare with running now, and so do levers and draws of forecasts that are off.
  static bool needs_now(const PlanRequest& request) {
    const PlanObjective& objective = request.objective;
    const int parts = static_cast<int>(objective.carbon > 0) +
                      static_cast<int>(objective.energy > 0) + static_cast<int>(objective.cost > 0);
    return parts > 1 || !request.caps.empty() || request.forecast_error > 0;
  }

  const PlanRequest& request_;
  Chooser chooser_;
  std::string why_no_now_;  ///< empty: it is known
  JobWindow now_;
  std::optional<double> score_;
};

bool has_forecast(const PlanRequest& request) {
  for (const PlanPlace& place : request.places)
    if (place.forecast) return true;
  return false;
}

bool goes_by_intensity(const PlanRequest& request) {
  if (request.objective.carbon <= 0) return false;
  for (const PlanPlace& place : request.places)
    if (place.forecast || place.intensity) return true;
  return false;
}

/// With a series of what really was beside the forecast of each place.
bool can_judge_forecast(const PlanRequest& request) {
  for (const PlanPlace& place : request.places)
    if (place.forecast && !place.intensity) return false;
  return true;
}

Result<void> put_oracle(const PlanRequest& request, const Judge& judge, Plan& plan) {
  JOULERY_TRY(const Choice best, choose(request, judge.chooser(), nullptr));
  JOULERY_TRY(plan.oracle, judge.judge(best.best, best.windows[best.best]->slots));
  return {};
}

/// What the plan would save if its series were forecasts that are off.
Result<void> put_spread(const PlanRequest& request, const Judge& judge, Plan& plan) {
  plan::Spread spread(request);
  for (int draw = 0; draw < plan::kDraws; ++draw) {
    const PlanRequest disturbed = spread.next();
    JOULERY_TRY(const Chooser chooser, Chooser::make(disturbed, true));
    JOULERY_TRY(const Choice choice, choose(disturbed, chooser, nullptr));
    const auto saving = judge.saving(choice.best, choice.windows[choice.best]->slots);
    if (!saving)
      return Error{saving.error().code,
                   "--forecast-error: a draw cannot be judged: " + saving.error().message};
    spread.add(*saving);
  }
  plan.spread = spread.result();
  return {};
}

/// Where nobody wrote down what was, the forecast is all there is to judge by.
PlanRequest with_forecasts_as_series(PlanRequest request) {
  for (PlanPlace& place : request.places)
    if (!place.intensity) place.intensity.swap(place.forecast);
  return request;
}

/// What is given as energy or money is compared with what the job takes.
Result<void> check_load(const PlanRequest& request) {
  if (request.load) return {};
  const char* const flag = request.resume_energy > Joules(0)     ? "--resume-energy"
                           : request.transfer_energy > Joules(0) ? "--transfer-energy"
                           : request.transfer_cost > Money(0)    ? "--transfer-cost"
                                                                 : nullptr;
  if (flag == nullptr) return {};
  return usage(fmt::format("{}: needs the job's power to be compared with: --load 5kW", flag));
}

Result<Plan> plan_of(const PlanRequest& request) {
  Plan plan;
  plan.objective = request.objective.text;
  plan.deadline = request.deadline;
  JOULERY_TRY(plan.intensity_kind, plan::common_kind(request));
  JOULERY_CHECK(plan::check_currencies(request));
  JOULERY_TRY(const Judge judge, Judge::make(request));
  JOULERY_TRY(plan.now, judge.now());
  const bool foretold = has_forecast(request);
  JOULERY_TRY(const Chooser chooser, Chooser::make(request, foretold));
  JOULERY_TRY(const Choice choice, choose(request, chooser, &plan.warnings));
  JOULERY_TRY(plan.planned, judge.judge(choice.best, choice.windows[choice.best]->slots));
  for (std::size_t i = 0; request.places.size() > 1 && i < request.places.size(); ++i) {
    if (!choice.windows[i]) continue;
    JOULERY_TRY(plan.places.emplace_back(), judge.judge(i, choice.windows[i]->slots));
  }
  const bool covered = judge.covers(choice.best, choice.windows[choice.best]->slots);
  // One of the hours that are covered alone would be none.
  if (foretold && covered) JOULERY_CHECK(put_oracle(request, judge, plan));
  if (!request.caps.empty()) {
    JOULERY_TRY(plan.levers, plan::plan_levers(request));
    plan.planned = plan.levers.back().run;
  }
  if (request.forecast_error > 0) JOULERY_CHECK(put_spread(request, judge, plan));
  plan::add_remarks(request, *choice.windows[choice.best], plan);
  if (!covered)
    plan.warnings.emplace_back(
        "the series that judges the forecast does not reach as far as the plan: no saving is told");
  if (!judge.why_no_now().empty())
    plan.warnings.push_back("running now is not known, so that no saving is: " +
                            judge.why_no_now());
  return plan;
}

}  // namespace

Result<Plan> make_plan(const PlanRequest& request) {
  if (request.places.empty()) return Error{ErrorCode::kInternal, "a plan without a place"};
  JOULERY_CHECK(check_load(request));
  if (!request.caps.empty() && (request.forecast_error > 0 || has_forecast(request)))
    return Error{
        ErrorCode::kUsage,
        "--sweep: caps are planned on what is known: no --forecast and no --forecast-error "
        "beside it"};
  if (request.forecast_error > 0 && !goes_by_intensity(request))
    return Error{ErrorCode::kUsage,
                 "--forecast-error: is of the series of intensity, and the objective goes by none"};
  if (can_judge_forecast(request)) return plan_of(request);
  return plan_of(with_forecasts_as_series(request));
}

}  // namespace joulery
