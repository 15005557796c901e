// simulate: every place, slack, policy and seed in turn, see joulery/simulate.h.
#include "joulery/simulate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "simulate/calendar.h"
#include "simulate/figures.h"
#include "simulate/forecast.h"
#include "simulate/place_errors.h"
#include "simulate/remarks.h"
#include "simulate/request.h"
#include "simulate/windows.h"

namespace joulery {
namespace simulate {
namespace {

Micros micros(Seconds time) { return Micros(std::llround(time.count() * 1e6)); }

/// Of slots with resumes, a job: what a plan of one job takes where there are few jobs, and for
/// many a share of some seconds of work, down to 128 steps of time and 128 of work. A choice.
std::size_t most_pairs(std::size_t jobs) {
  constexpr std::size_t kAll = std::size_t{1} << 28, kLeast = std::size_t{1} << 14;
  return std::clamp(kAll / jobs, kLeast, JobShape().most_pairs);
}

/// One place: each slack with each policy.
class PlaceRuns {
 public:
  PlaceRuns(const Workload& workload, const SimulationRequest& request, const PlaceSignals& place,
            const Signals& signals)
      : jobs_(workload.jobs),
        request_(request),
        place_(place),
        signals_(signals),
        errors_(place, signals, workload),
        objective_(signals.rates(request.objective)),
        levels_(levels_of(signals, objective_, request.quantile)) {
    if (request.forecast_error > 0)
      for (const std::uint64_t seed : request.seeds)
        forecasts_.emplace_back(signals, request.forecast_error, request.forecast_memory, seed);
    if (request.capacity) capacity_ = devices_of(*request.capacity);
  }

  /// Appends the cases. Idle devices are counted up to `end` of the last job of all.
  Result<void> run(std::vector<SimulationCase>& cases) {
    const std::size_t first = cases.size();
    for (const Seconds slack : request_.slacks) {
      JOULERY_TRY(SimulationCase done, run_case(slack));
      cases.push_back(std::move(done));
    }
    finish_idle(cases, first);
    return {};
  }

 private:
  Result<SimulationCase> run_case(Seconds slack);
  Result<void> plan_oracles(SimulationCase& held);
  Result<PolicyRun> run_policy(Shift policy, const SimulationCase& held, const Forecasts* seen);
  Result<Parts> planned(const std::vector<double>& rates, bool interruptible,
                        const Forecasts* seen) const;
  Result<Parts> planned_with_room(const Forecasts* seen) const;
  Result<Parts> planned(Shift policy, const Forecasts* seen) const;
  Result<PolicyRun> measured(Shift policy, Parts parts, const Slowing* slowing,
                             Figures& figures) const;
  Result<PolicyRun> measured(Shift policy, Parts parts, const Slowing* slowing) const;
  void finish_idle(std::vector<SimulationCase>& cases, std::size_t first) const;

  const std::vector<MovableJob>& jobs_;
  const SimulationRequest& request_;
  const PlaceSignals& place_;
  const Signals& signals_;
  const PlaceErrors errors_;
  const std::vector<double> objective_;
  const std::vector<Level> levels_;
  std::vector<Forecasts> forecasts_;
  std::optional<DeviceCount> capacity_;
  Seconds slack_{0};
  Figures now_;                                    // of running now
  std::optional<Parts> best_window_, best_slots_;  // with the future known
};

Result<Parts> PlaceRuns::planned(const std::vector<double>& rates, bool interruptible,
                                 const Forecasts* seen) const {
  JobShape shape;
  shape.slack = slack_;
  shape.interruptible = interruptible;
  if (interruptible) {
    shape.shortest_slot = request_.shortest_slot;
    shape.resume_time = request_.resume_time;
    shape.most_pairs = most_pairs(jobs_.size());
  }
  JOULERY_TRY(Outlook outlook, Outlook::make(signals_, rates, seen));
  return parts_in_windows(jobs_, outlook, shape, nullptr);
}

Result<Parts> PlaceRuns::planned_with_room(const Forecasts* seen) const {
  JobShape shape;
  shape.slack = slack_;
  JOULERY_TRY(Outlook outlook, Outlook::make(signals_, objective_, seen));
  Calendar calendar(jobs_.front().release, signals_.end(), *capacity_);
  return parts_in_windows(jobs_, outlook, shape, &calendar);
}

/// Of policies that look ahead.
Result<Parts> PlaceRuns::planned(Shift policy, const Forecasts* seen) const {
  // Without slack there is nothing to choose: the queue says who starts.
  if (policy == Shift::kCapacityLimited && capacity_ && slack_ > Seconds(0))
    return planned_with_room(seen);
  const bool in_best_window = policy == Shift::kBestWindow || policy == Shift::kCapacityLimited;
  if (seen == nullptr && in_best_window) return *best_window_;
  if (seen == nullptr && policy == Shift::kInterruptible) return *best_slots_;
  if (policy == Shift::kPueOnly)
    return planned(signals_.rates(ShiftObjective::kEnergy), false, seen);
  if (policy == Shift::kCarbonOnly) return planned(signals_.intensities(), false, seen);
  return planned(objective_, policy == Shift::kInterruptible, seen);
}

/// But for what it saved.
Result<PolicyRun> PlaceRuns::measured(Shift policy, Parts parts, const Slowing* slowing,
                                      Figures& figures) const {
  const ClusterRun cluster = run_cluster(jobs_, {capacity_, request_.queue, slowing}, parts);
  JOULERY_TRY(PolicyRun run, describe(jobs_, parts, signals_, micros(slack_)));
  figures = add_up(jobs_, parts, signals_, slowing);
  run.policy = policy;
  run.place = place_.intensity.name;
  run.slack = slack_;
  run.sums = sums_of(figures.jobs, signals_.has_price());
  run.peak_devices = count_of_devices(cluster.peak);
  run.mean_devices = figures.devices.seconds / Seconds(run.end - jobs_.front().release).count();
  run.peak_queue = cluster.peak_queue;
  run.mean_queue = cluster.first_delays / static_cast<double>(jobs_.size());
  if (request_.keep_hours) run.hourly_devices = hourly_devices(jobs_, parts);
  // What the devices in use would draw when idle, until finish_idle() makes it what the others do.
  if (request_.idle_power)
    run.idle = sums_of(figures.devices * request_.idle_power->count(), signals_.has_price());
  return run;
}

Result<PolicyRun> PlaceRuns::measured(Shift policy, Parts parts, const Slowing* slowing) const {
  Figures figures;
  JOULERY_TRY(PolicyRun run, measured(policy, std::move(parts), slowing, figures));
  run.saved_u = errors_.saved_u(now_, figures);
  return run;
}

Result<PolicyRun> PlaceRuns::run_policy(Shift policy, const SimulationCase& held,
                                        const Forecasts* seen) {
  if (policy == Shift::kRunNow) return held.now;
  if (policy == Shift::kThreshold)
    return measured(policy, parts_at_low(jobs_, signals_, levels_, micros(slack_)), nullptr);
  if (policy == Shift::kCapsByHour) {
    const Slowing slowing(signals_, levels_, *request_.cap, micros(slack_));
    JOULERY_TRY(PolicyRun run, measured(policy, parts_now(jobs_), &slowing));
    for (const MovableJob& job : jobs_) run.may_cap += slowing.caps(job) ? 1 : 0;
    return run;
  }
  JOULERY_TRY(Parts parts, planned(policy, seen));
  return measured(policy, std::move(parts), nullptr);
}

Result<void> PlaceRuns::plan_oracles(SimulationCase& held) {
  const auto& policies = request_.policies;
  const auto oracle = [&](const Parts& parts) {
    const Figures figures = add_up(jobs_, parts, signals_, nullptr);
    return Oracle{sums_of(figures.jobs, signals_.has_price()), errors_.saved_u(now_, figures)};
  };
  best_window_.reset();
  best_slots_.reset();
  if (std::any_of(policies.begin(), policies.end(), is_in_one_piece)) {
    JOULERY_TRY(best_window_, planned(objective_, false, nullptr));
    held.oracle_window = oracle(*best_window_);
  }
  if (std::find(policies.begin(), policies.end(), Shift::kInterruptible) != policies.end()) {
    JOULERY_TRY(best_slots_, planned(objective_, true, nullptr));
    held.oracle_slots = oracle(*best_slots_);
  }
  return {};
}

/// Means over the hours from the first release on.
std::vector<double> hourly_objective(const Signals& signals, ShiftObjective objective,
                                     WallTime begin, std::size_t hours) {
  constexpr Micros kHour = std::chrono::hours(1);
  std::vector<double> out;
  for (; out.size() < hours && begin + kHour <= signals.end(); begin += kHour) {
    const SimulationSums sums = sums_of(signals.over(begin, begin + kHour), signals.has_price());
    out.push_back(value_of(sums, objective) / Seconds(kHour).count());
  }
  return out;
}

Result<SimulationCase> PlaceRuns::run_case(Seconds slack) {
  slack_ = slack;
  SimulationCase held;
  held.place = place_.intensity.name;
  held.kind = place_.intensity.kind;
  held.slack = slack;
  held.sources = sources_of(place_);
  held.currency = place_.price ? place_.price->currency : place_.constants.currency;
  for (std::size_t i = 0; i < forecasts_.size(); ++i)
    held.forecast_mape.emplace_back(request_.seeds[i],
                                    forecasts_[i].mean_error(jobs_, micros(slack)));
  JOULERY_TRY(held.now, measured(Shift::kRunNow, parts_now(jobs_), nullptr, now_));
  held.basis = errors_.basis_of(now_);
  held.idle_basis = errors_.basis_without_power(now_);
  held.hourly_objective = hourly_objective(signals_, request_.objective, jobs_.front().release,
                                           held.now.hourly_devices.size());
  JOULERY_CHECK(plan_oracles(held));
  for (const Shift policy : request_.policies) {
    if (!uses_forecast(policy) || forecasts_.empty()) {
      JOULERY_TRY(held.runs.emplace_back(), run_policy(policy, held, nullptr));
      continue;
    }
    for (std::size_t i = 0; i < forecasts_.size(); ++i) {
      JOULERY_TRY(PolicyRun run, run_policy(policy, held, &forecasts_[i]));
      run.seed = request_.seeds[i];
      held.runs.push_back(std::move(run));
    }
  }
  return held;
}

void take_away(const SimulationSums& part, const SimulationSums& whole, SimulationSums& out) {
  out.it_energy = whole.it_energy - part.it_energy;
  out.site_energy = whole.site_energy - part.site_energy;
  out.carbon = whole.carbon - part.carbon;
  if (part.cost) out.cost = *whole.cost - *part.cost;
}

/// All runs of the place pay for the same time, so that none gains by ending late.
void PlaceRuns::finish_idle(std::vector<SimulationCase>& cases, std::size_t first) const {
  if (!request_.idle_power) return;
  WallTime end = jobs_.front().release;
  for (std::size_t i = first; i < cases.size(); ++i) {
    end = std::max(end, cases[i].now.end);
    for (const PolicyRun& run : cases[i].runs) end = std::max(end, run.end);
  }
  const double watts = *request_.capacity * request_.idle_power->count();
  const SimulationSums fleet =
      sums_of(signals_.over(jobs_.front().release, end) * watts, signals_.has_price());
  for (std::size_t i = first; i < cases.size(); ++i) {
    take_away(*cases[i].now.idle, fleet, *cases[i].now.idle);
    for (PolicyRun& run : cases[i].runs) take_away(*run.idle, fleet, *run.idle);
  }
}

/// With a week before the first job, as far as it is known, for those who look back.
Result<Signals> signals_with_past(const PlaceSignals& place, WallTime release, WallTime last_end) {
  WallTime begin = std::max(release - kPast, place.intensity.pieces.front().begin);
  for (const auto* series : {&place.pue, &place.price})
    if (*series) begin = std::max(begin, (*series)->pieces.front().begin);
  if (begin < release)
    if (auto signals = Signals::make(place, begin, last_end)) return signals;
  return Signals::make(place, release, last_end);
}

void finish(const Workload& workload, Simulation& out) {
  out.source = workload.source;
  out.unit = workload.unit;
  out.notes = workload.notes;
  out.excludes = workload.excludes;
  out.jobs = workload.jobs.size();
  out.begin = out.end = workload.jobs.front().release;
  for (const SimulationCase& held : out.cases) {
    out.end = std::max(out.end, held.now.end);
    for (const PolicyRun& run : held.runs) out.end = std::max(out.end, run.end);
  }
}

}  // namespace
}  // namespace simulate

Result<Simulation> simulate_jobs(const Workload& workload, SimulationRequest request) {
  JOULERY_CHECK(simulate::check_request(workload, request));
  Simulation out;
  WallTime last_end = workload.jobs.front().release;
  for (const MovableJob& job : workload.jobs)
    last_end = std::max(last_end, job.release + job.length);
  for (const PlaceSignals& place : request.places) {
    JOULERY_TRY(const simulate::Signals signals,
                simulate::signals_with_past(place, workload.jobs.front().release, last_end));
    JOULERY_CHECK(simulate::PlaceRuns(workload, request, place, signals).run(out.cases));
  }
  simulate::finish(workload, out);
  simulate::add_place_notes(request.places, out.notes);
  simulate::add_cap_note(request, out.notes);
  request.places.clear();
  out.request = std::move(request);
  return out;
}

std::optional<double> saved_share(double part, double whole) {
  if (!(whole > 0)) return {};
  return (whole - part) / whole;
}

double value_of(const SimulationSums& sums, ShiftObjective objective) {
  if (objective == ShiftObjective::kCarbon) return sums.carbon.count();
  if (objective == ShiftObjective::kEnergy) return sums.site_energy.count();
  return sums.cost ? sums.cost->count() : 0;
}

std::optional<double> u_of(const SavedU& saved, ShiftObjective objective) {
  if (objective == ShiftObjective::kCarbon) return saved.carbon;
  return objective == ShiftObjective::kEnergy ? saved.site_energy : saved.cost;
}

const Oracle* oracle_of(const SimulationCase& held, Shift shift) {
  const auto& oracle = shift == Shift::kInterruptible ? held.oracle_slots : held.oracle_window;
  const bool moves = shift == Shift::kInterruptible || simulate::is_in_one_piece(shift);
  return moves && oracle ? &*oracle : nullptr;
}

}  // namespace joulery
