// control: planning a sweep, see sweep_plan.h.
#include "control/sweep_plan.h"

#include <fmt/format.h>

#include <utility>

#include "control/made_runs.h"
#include "control/trial.h"
#include "policy/objective.h"

namespace joulery {
namespace {

const char* what_became_of(const GivenBack& back) {
  if (back.restored) return "gave back";
  return back.failed ? "could not give back" : "dropped";
}

void note_recovered(const std::vector<GivenBack>& given_back, std::vector<std::string>& notes) {
  for (const GivenBack& back : given_back)
    notes.push_back(fmt::format("{}: {} what a holder that has ended left behind{}", back.device,
                                what_became_of(back), back.why.empty() ? "" : ": " + back.why));
}

}  // namespace

Result<void> SweepPlan::make(CapControl& control, SweepStore& store, int repeat) {
  JOULERY_CHECK(check_rules(options_.rules));
  note_recovered(control.recover(), sweep_.notes);
  JOULERY_TRY(sweep_.devices, choose_devices(control.list(), options_.devices));
  for (const CapDevice& device : sweep_.devices)
    for (const std::string& note : device.notes) sweep_.notes.push_back(device.id + ": " + note);
  JOULERY_TRY(caps_, plan_caps(options_.caps, sweep_.devices));
  sweep_.found = mean(caps_.found);
  digest_ = plan_digest(options_, caps_, sweep_.devices);
  JOULERY_TRY(identity_, identify(store));
  sweep_.id = identity_.id;
  sweep_.seed = identity_.seed;
  sweep_.job = options_.job;
  sweep_.rules = options_.rules;
  sweep_.levels = caps_.levels;
  sweep_.notes.insert(sweep_.notes.end(), caps_.notes.begin(), caps_.notes.end());
  set_repeat(repeat);
  JOULERY_CHECK(job_of(run_of(0, 0)));  // tags that the sweep gives are nobody else's
  return {};
}

Result<SweepIdentity> SweepPlan::identify(SweepStore& store) const {
  using Resume = SweepOptions::Resume;
  if (options_.resume == Resume::kNo) return new_sweep(options_.seed);
  auto found = find_sweep(store, digest_);
  const bool is_new = !found && found.error().code == ErrorCode::kInvalid;
  if (is_new && options_.resume == Resume::kIfThere) return new_sweep(options_.seed);
  return found;
}

std::vector<SweepStep> SweepPlan::steps_for(int repeat) const {
  return make_schedule(caps_.levels.size(), repeat, options_.warm_up, identity_.seed);
}

void SweepPlan::set_repeat(int repeat) {
  steps_ = steps_for(repeat);
  sweep_.planned = steps_.size();
}

void SweepPlan::take_over_finished(SweepStore& store, std::size_t first) {
  for (const FinishedRun& finished : identity_.finished) {
    if (finished.step < first || finished.step >= steps_.size()) continue;
    SweepRun run = run_of(finished.step, finished.order);
    run.resumed = true;
    const auto kept = store.load(finished.id);
    if (!kept) continue;
    const auto read = read_run(*kept, sweep_.devices, asked(finished.step), run);
    if (read && run.controlled && !run.interrupted) sweep_.runs.push_back(std::move(run));
  }
  drop_unclosed(sweep_.runs);
}

SweepRun SweepPlan::run_of(std::size_t step, std::uint64_t order) const {
  SweepRun run;
  run.step = step;
  run.order = order;
  run.level = steps_[step].level;
  run.warm_up = steps_[step].warm_up;
  run.trial.cap = run.level ? caps_.levels[*run.level].cap : sweep_.found;
  run.trial.baseline = !run.level;
  return run;
}

SweepRun SweepPlan::begin_run(std::size_t step) { return run_of(step, identity_.next_order++); }

Result<Job> SweepPlan::job_of(const SweepRun& run) const {
  Job job = options_.job;
  JOULERY_CHECK(add_tags(identity_, digest_, run, cap_text(run.step), job));
  return job;
}

std::string SweepPlan::cap_text(std::size_t step) const {
  if (steps_[step].warm_up) return "warm-up";
  return steps_[step].level ? caps_.levels[*steps_[step].level].text
                            : fmt::format("found {:g} W", sweep_.found.count());
}

std::vector<Watts> SweepPlan::asked(std::size_t step) const {
  if (steps_[step].level) return caps_.levels[*steps_[step].level].per_device;
  std::vector<Watts> limits;
  for (std::size_t i = 0; i < sweep_.devices.size(); ++i)
    limits.push_back(sweep_.devices[i].requested.value_or(caps_.found[i]));
  return limits;
}

}  // namespace joulery
