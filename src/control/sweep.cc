// control: a sweep over caps, see joulery/control.h. However it is left, the lease gives every
// device back.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "control/caps.h"
#include "control/cool_down.h"
#include "control/judge.h"
#include "control/made_runs.h"
#include "control/recorded_run.h"
#include "control/resume.h"
#include "control/schedule.h"
#include "control/trial.h"
#include "control/watch.h"
#include "policy/objective.h"
#include "policy/points.h"

namespace joulery {
namespace {

// docs/policies.md has what they give: three are enough where steps are even, and more than eight
// cost more than they find.
constexpr int kFirstRepeats = 3;
constexpr int kMostRepeats = 8;

// Of the highest limits. A choice: an idle board with memory in use takes 10 to 20 % (A100: 52 of
// 400 W, docs/standin.md), a busy one more than 30 %.
constexpr double kMostIdle = 0.3;

const char* what_became_of(const GivenBack& back) {
  if (back.restored) return "gave back";
  return back.failed ? "could not give back" : "dropped";
}

class Sweeper {
 public:
  Sweeper(const SweepOptions& options, const SweepTools& tools)
      : options_(options), tools_(tools), cool_down_(options, sweep_.devices, tools.sessions) {}
  Result<Sweep> run();

 private:
  [[nodiscard]] Result<SweepIdentity> identify() const;
  Result<void> prepare();
  void take_over_finished(std::size_t first);
  Result<void> make_missing_runs();
  Result<void> add_repeats();
  void set_schedule(int repeat);
  Result<void> come_back(std::size_t step);
  Result<void> take_lease();
  Result<void> begin();
  Result<void> go_through();
  Result<void> make_step(std::size_t step);
  [[nodiscard]] SweepRun begin_run(std::size_t step) const;
  Result<bool> set_caps(const SweepStep& step, SweepRun& run);
  Result<void> measure(Job job, SweepRun& run);
  void stop_for(std::optional<int> signal);
  void give_back();
  void note_idle();
  void note_heat();
  void tell(std::size_t step, const std::string& what) const;

  [[nodiscard]] std::string cap_text(const SweepStep& step) const;
  [[nodiscard]] std::vector<Watts> asked(const SweepStep& step) const;

  const SweepOptions& options_;
  const SweepTools& tools_;
  Sweep sweep_;
  CapPlan plan_;
  std::vector<SweepStep> steps_;
  SweepIdentity identity_;
  std::string plan_digest_;
  std::unique_ptr<CapLease> lease_;
  CoolDown cool_down_;
  bool stopped_ = false;
  std::size_t made_ = 0;  // in this call, for the time left
  Instant began_;
};

Result<Sweep> Sweeper::run() {
  JOULERY_CHECK(check_stays_here(options_.job.command));
  JOULERY_CHECK(prepare());
  take_over_finished(0);
  if (first_missing(steps_, sweep_.runs)) JOULERY_CHECK(take_lease());
  auto gone = make_missing_runs();
  if (gone && !stopped_) gone = add_repeats();
  if (lease_) give_back();
  // What was measured before is worth more than the error.
  if (!gone && sweep_.runs.empty()) return gone.error();
  if (!gone) sweep_.notes.push_back("ended early: " + gone.error().message);
  put_in_order(sweep_.runs);
  note_heat();
  judge(options_.same, sweep_);
  return std::move(sweep_);
}

Result<void> Sweeper::make_missing_runs() {
  if (!first_missing(steps_, sweep_.runs)) return {};
  if (!lease_) JOULERY_CHECK(take_lease());
  return go_through();
}

// Asked once, and of the scatter alone: going on is no second look at what a cap did.
Result<void> Sweeper::add_repeats() {
  if (options_.repeat || !options_.rules.max_slowdown) return {};
  const auto repeat = find_repeats_of(options_.same, sweep_, kMostRepeats);
  if (!repeat || *repeat <= kFirstRepeats) return {};
  const std::size_t made = steps_.size();
  set_schedule(*repeat);
  sweep_.notes.push_back(fmt::format(
      "{} runs at each cap: the scatter of the first {} could not tell a slowdown from the bound",
      *repeat, kFirstRepeats));
  take_over_finished(made);
  return make_missing_runs();
}

// More repeats leave the steps before them as they are.
void Sweeper::set_schedule(int repeat) {
  steps_ = make_schedule(plan_.levels.size(), repeat, options_.warm_up, identity_.seed);
  sweep_.planned = steps_.size();
}

Result<SweepIdentity> Sweeper::identify() const {
  using Resume = SweepOptions::Resume;
  if (options_.resume == Resume::kNo) return new_sweep(options_.seed);
  auto found = find_sweep(tools_.store, plan_digest_);
  const bool is_new = !found && found.error().code == ErrorCode::kInvalid;
  if (is_new && options_.resume == Resume::kIfThere) return new_sweep(options_.seed);
  return found;
}

Result<void> Sweeper::prepare() {
  JOULERY_CHECK(check_rules(options_.rules));
  for (const GivenBack& back : tools_.caps.recover())
    sweep_.notes.push_back(fmt::format("{}: {} what a holder that has ended left behind{}",
                                       back.device, what_became_of(back),
                                       back.why.empty() ? "" : ": " + back.why));
  JOULERY_TRY(sweep_.devices, choose_devices(tools_.caps.list(), options_.devices));
  for (const CapDevice& device : sweep_.devices)
    for (const std::string& note : device.notes) sweep_.notes.push_back(device.id + ": " + note);
  JOULERY_TRY(plan_, plan_caps(options_.caps, sweep_.devices));
  sweep_.found = mean(plan_.found);
  plan_digest_ = plan_digest(options_, plan_, sweep_.devices);
  JOULERY_TRY(identity_, identify());
  Job tagged = options_.job;
  JOULERY_CHECK(add_tags(identity_, plan_digest_, 0, "", tagged));
  set_schedule(options_.repeat.value_or(kFirstRepeats));
  sweep_.id = identity_.id;
  sweep_.seed = identity_.seed;
  sweep_.job = options_.job;
  sweep_.rules = options_.rules;
  sweep_.levels = plan_.levels;
  sweep_.notes.insert(sweep_.notes.end(), plan_.notes.begin(), plan_.notes.end());
  return {};
}

SweepRun Sweeper::begin_run(std::size_t step) const {
  SweepRun run;
  run.step = step;
  run.level = steps_[step].level;
  run.warm_up = steps_[step].warm_up;
  run.trial.cap = run.level ? plan_.levels[*run.level].cap : sweep_.found;
  run.trial.baseline = !run.level;
  return run;
}

// A run whose limit somebody changed, that was interrupted, or cannot be read is made again.
void Sweeper::take_over_finished(std::size_t first) {
  for (const auto& [step, id] : identity_.finished) {
    if (step < first || step >= steps_.size()) continue;
    SweepRun run = begin_run(step);
    run.resumed = true;
    const auto kept = tools_.store.load(id);
    if (!kept) continue;
    const auto read = read_run(*kept, sweep_.devices, asked(steps_[step]), run);
    if (read && run.controlled && !run.interrupted) sweep_.runs.push_back(std::move(run));
  }
  drop_unclosed(steps_, sweep_.runs);
}

// What follows the earlier runs is held against a baseline of its own.
Result<void> Sweeper::come_back(std::size_t step) {
  if (sweep_.runs.empty() || !steps_[step].level) return {};
  JOULERY_CHECK(make_step(baseline_before(step, steps_)));
  ++made_;
  return {};
}

Result<void> Sweeper::take_lease() {
  std::vector<std::string> ids;
  for (const CapDevice& device : sweep_.devices) ids.push_back(device.id);
  JOULERY_TRY(lease_, tools_.caps.take(ids, {}));
  return {};
}

Result<void> Sweeper::begin() {
  began_ = monotonic_now();
  tell(0, "measuring the idle devices");
  JOULERY_TRY(const std::optional<int> early, cool_down_.measure_idle());
  stop_for(early);
  sweep_.idle_power = cool_down_.idle_power();
  note_idle();
  return {};
}

void Sweeper::note_idle() {
  Watts most{};
  for (std::size_t i = 0; i < sweep_.devices.size(); ++i)
    most += sweep_.devices[i].most.value_or(plan_.found[i]);
  if (!sweep_.idle_power || *sweep_.idle_power <= most * kMostIdle) return;
  sweep_.notes.push_back(
      fmt::format("before the first run the devices drew {}, {:.0f} % of their highest limits: "
                  "another job may be running on them",
                  watts_text(*sweep_.idle_power), 100 * (*sweep_.idle_power / most)));
}

Result<void> Sweeper::go_through() {
  if (made_ == 0) {
    JOULERY_CHECK(begin());
    if (!stopped_) JOULERY_CHECK(come_back(first_missing(steps_, sweep_.runs).value_or(0)));
  }
  for (std::size_t step = 0; step < steps_.size() && !stopped_; ++step) {
    if (is_made(step, sweep_.runs)) continue;
    if (made_ > 0) {
      tell(step, "cooling down");
      JOULERY_TRY(const std::optional<int> signal, cool_down_.wait());
      stop_for(signal);
    }
    if (!stopped_) JOULERY_CHECK(make_step(step));
    ++made_;
  }
  return {};
}

void Sweeper::note_heat() {
  if (cool_down_.in_vain() == 0) return;
  sweep_.notes.push_back(
      fmt::format("before {} runs the devices did not come back to their idle power within two "
                  "minutes",
                  cool_down_.in_vain()));
}

Result<void> Sweeper::make_step(std::size_t step) {
  SweepRun run = begin_run(step);
  tell(step, cap_text(steps_[step]));
  JOULERY_TRY(const bool is_set, set_caps(steps_[step], run));
  if (is_set) {
    Job job = options_.job;
    JOULERY_CHECK(add_tags(identity_, plan_digest_, step, cap_text(steps_[step]), job));
    JOULERY_CHECK(measure(std::move(job), run));
  } else {
    run.trial.failed = true;
  }
  sweep_.runs.push_back(std::move(run));
  return {};
}

// False: not all are set, and the run's notes say why. A device that somebody else has taken is not
// written again: the sweep ends there.
Result<bool> Sweeper::set_caps(const SweepStep& step, SweepRun& run) {
  bool is_set = true;
  for (std::size_t i = 0; i < sweep_.devices.size() && is_set; ++i) {
    const std::string& device = sweep_.devices[i].id;
    const auto done = step.level ? lease_->set(device, plan_.levels[*step.level].per_device[i])
                                 : lease_->set_found(device);
    if (done) continue;
    is_set = false;
    run.notes.push_back(done.error().message);
    if (done.error().code == ErrorCode::kDenied) return done.error();
  }
  if (is_set) return true;
  LeaseWatch watch(*lease_);
  watch.look();
  for (const auto& lost : watch.lost()) run.notes.push_back(describe(lost.watch));
  stopped_ = stopped_ || !watch.lost().empty();
  run.controlled = watch.lost().empty();
  return false;
}

Result<void> Sweeper::measure(Job job, SweepRun& run) {
  JOULERY_TRY(const RecordedRun made, record_run(options_, tools_, *lease_, std::move(job)));
  run.id = made.id;
  if (made.unclosed) sweep_.notes.push_back(made.unclosed->message);
  stop_for(made.outcome.interrupt);
  stopped_ = stopped_ || made.lost_control;

  // The record is read as a later call would: what it says is what counts.
  JOULERY_TRY(const KeptRun kept, tools_.store.load(made.id));
  const auto read = read_run(kept, sweep_.devices, asked(steps_[run.step]), run);
  if (!read) run.notes.push_back(read.error().message);
  run.trial.failed = !read || made.outcome.exit_code != 0 || !run.controlled || run.interrupted;
  return {};
}

void Sweeper::stop_for(std::optional<int> signal) {
  if (!signal) return;
  sweep_.interrupted = signal;
  stopped_ = true;
}

void Sweeper::give_back() {
  const auto released = lease_->release();
  if (!released) sweep_.given_back = released.error();
  lease_.reset();
}

void Sweeper::tell(std::size_t step, const std::string& what) const {
  if (!tools_.progress) return;
  SweepProgress progress{.done = step, .planned = steps_.size(), .what = what, .left = {}};
  if (made_ > 0)
    progress.left = Seconds(monotonic_now() - began_) / static_cast<double>(made_) *
                    static_cast<double>(steps_.size() - std::min(step, steps_.size()));
  tools_.progress(progress);
}

std::string Sweeper::cap_text(const SweepStep& step) const {
  if (step.warm_up) return "warm-up";
  return step.level ? plan_.levels[*step.level].text
                    : fmt::format("found {:g} W", sweep_.found.count());
}

// What software is to have asked for, which the limit found by somebody out of band may undercut.
std::vector<Watts> Sweeper::asked(const SweepStep& step) const {
  if (step.level) return plan_.levels[*step.level].per_device;
  std::vector<Watts> limits;
  for (std::size_t i = 0; i < sweep_.devices.size(); ++i)
    limits.push_back(sweep_.devices[i].requested.value_or(plan_.found[i]));
  return limits;
}

}  // namespace

bool Sweep::succeeded() const {
  const auto is_well = [](const SweepRun& run) { return !run.trial.failed; };
  return runs.size() >= planned && std::all_of(runs.begin(), runs.end(), is_well) && !given_back &&
         !interrupted;
}

Result<Sweep> run_sweep(const SweepOptions& options, const SweepTools& tools) {
  return Sweeper(options, tools).run();
}

}  // namespace joulery
