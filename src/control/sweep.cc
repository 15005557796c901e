// control: a sweep over caps, see joulery/control.h. However it is left, the lease gives every
// device back.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"
#include "control/cool_down.h"
#include "control/judge.h"
#include "control/made_runs.h"
#include "control/progress.h"
#include "control/recorded_run.h"
#include "control/same_input.h"
#include "control/sweep_plan.h"
#include "control/trial.h"
#include "control/watch.h"
#include "policy/points.h"

namespace joulery {
namespace {

// docs/policies.md has what they give: three are enough where steps are even, and more than eight
// cost more than they find.
constexpr int kFirstRepeats = 3;
constexpr int kMostRepeats = 8;
// That a sweep goes on by itself behind the first repeats. A choice: more is asked for.
constexpr std::chrono::hours kMostExtra{4};

// Of the highest limits. A choice: an idle board with memory in use takes 10 to 20 % (A100: 52 of
// 400 W, docs/standin.md), a busy one more than 30 %.
constexpr double kMostIdle = 0.3;

class Sweeper {
 public:
  Sweeper(const SweepOptions& options, const SweepTools& tools)
      : options_(options),
        tools_(tools),
        plan_(options, sweep_),
        progress_(tools, sweep_, plan_.steps()),
        cool_down_(options, sweep_.devices, tools.sessions),
        input_(STDIN_FILENO) {}
  Result<Sweep> run();

 private:
  Result<void> make_missing_runs();
  Result<void> add_repeats();
  Result<void> stay_with_first(int repeat, std::size_t missing, Seconds time);
  Result<void> come_back(std::size_t step);
  Result<void> take_lease();
  Result<void> begin();
  Result<void> go_through();
  [[nodiscard]] bool is_due(std::size_t step) const;
  Result<void> cool_down_before(std::size_t step);
  Result<void> make_step(std::size_t step);
  Result<bool> set_caps(std::size_t step, SweepRun& run);
  Result<void> measure(SweepRun& run);
  void stop_for(std::optional<int> signal);
  void give_back();
  void announce_repeats() const;
  void note_idle();
  void note_heat();
  [[nodiscard]] bool decides_repeats() const {
    return !options_.repeat && options_.rules.max_slowdown > 0.0;
  }

  const SweepOptions& options_;
  const SweepTools& tools_;
  Sweep sweep_;
  SweepPlan plan_;
  Progress progress_;
  CoolDown cool_down_;
  SameInput input_;
  std::unique_ptr<CapLease> lease_;
  bool stopped_ = false;
  bool open_ = false;  ///< a cap has run in this call, and no baseline behind it
};

Result<Sweep> Sweeper::run() {
  JOULERY_CHECK(check_stays_here(options_.job.command));
  JOULERY_CHECK(plan_.make(tools_.caps, tools_.store, options_.repeat.value_or(kFirstRepeats)));
  plan_.take_over_finished(tools_.store, 0);
  if (count_missing(plan_.steps(), sweep_.runs) > 0) JOULERY_CHECK(take_lease());
  auto gone = make_missing_runs();
  if (gone && !stopped_) gone = add_repeats();
  if (lease_) give_back();
  // What was measured before is worth more than the error.
  if (!gone && sweep_.runs.empty()) return gone.error();
  if (!gone) sweep_.notes.push_back("ended early: " + gone.error().message);
  note_heat();
  judge(options_.same, sweep_);
  return std::move(sweep_);
}

Result<void> Sweeper::make_missing_runs() {
  if (count_missing(plan_.steps(), sweep_.runs) == 0) return {};
  if (!lease_) JOULERY_CHECK(take_lease());
  return go_through();
}

// Asked once, and of the scatter alone: going on is no second look at what a cap did.
Result<void> Sweeper::add_repeats() {
  if (!decides_repeats()) return {};
  const auto repeat = find_repeats_of(options_.same, sweep_, kMostRepeats);
  if (!repeat || *repeat <= kFirstRepeats) return {};
  const std::size_t made = plan_.steps().size();
  plan_.set_repeat(*repeat);
  plan_.take_over_finished(tools_.store, made);
  const std::size_t missing = count_missing(plan_.steps(), sweep_.runs);
  const Seconds time = progress_.time_for(missing).value_or(Seconds(0));
  if (time > kMostExtra) return stay_with_first(*repeat, missing, time);
  if (missing > 0)
    progress_.announce(
        fmt::format("scatter hides the bound: {} more runs, about {}; Ctrl-C keeps what is there",
                    missing, format_duration(time)));
  sweep_.notes.push_back(fmt::format(
      "{} runs at each cap: the scatter of the first {} could not tell a slowdown from the bound",
      *repeat, kFirstRepeats));
  return make_missing_runs();
}

Result<void> Sweeper::stay_with_first(int repeat, std::size_t missing, Seconds time) {
  plan_.set_repeat(kFirstRepeats);
  std::erase_if(sweep_.runs, [&](const SweepRun& run) { return run.step >= plan_.steps().size(); });
  sweep_.notes.push_back(fmt::format(
      "{} runs at each cap hide the bound on slowdown in their scatter: {} would tell, {} more "
      "runs, about {}; beyond {} h none is made unasked: --repeat {} --resume goes on",
      kFirstRepeats, repeat, missing, format_duration(time), kMostExtra.count(), repeat));
  return {};
}

// What follows the earlier runs is held against a baseline of its own.
Result<void> Sweeper::come_back(std::size_t step) {
  if (sweep_.runs.empty() || !plan_.steps()[step].level) return {};
  JOULERY_CHECK(make_step(baseline_before(step, plan_.steps())));
  return {};
}

Result<void> Sweeper::take_lease() {
  std::vector<std::string> ids;
  for (const CapDevice& device : sweep_.devices) ids.push_back(device.id);
  JOULERY_TRY(lease_, tools_.caps.take(ids, {}));
  return {};
}

Result<void> Sweeper::begin() {
  progress_.begin();
  if (decides_repeats()) announce_repeats();
  progress_.tell(0, "measuring the idle devices");
  JOULERY_TRY(const std::optional<int> early, cool_down_.measure_idle());
  stop_for(early);
  sweep_.idle_power = cool_down_.idle_power();
  note_idle();
  return {};
}

void Sweeper::announce_repeats() const {
  const std::size_t now = plan_.steps().size();
  if (now != plan_.steps_for(kFirstRepeats).size()) return;  // it was told that it goes on
  progress_.announce(fmt::format(
      "{} runs, up to {} more where their scatter hides the bound ({} h at most; "
      "--repeat {}: none)",
      now, plan_.steps_for(kMostRepeats).size() - now, kMostExtra.count(), kFirstRepeats));
}

void Sweeper::note_idle() {
  Watts most{};
  for (std::size_t i = 0; i < sweep_.devices.size(); ++i)
    most += sweep_.devices[i].most.value_or(plan_.found()[i]);
  if (!sweep_.idle_power || *sweep_.idle_power <= most * kMostIdle) return;
  sweep_.notes.push_back(
      fmt::format("before the first run the devices drew {}, {:.0f} % of their highest limits: "
                  "another job may be running on them",
                  watts_text(*sweep_.idle_power), 100 * (*sweep_.idle_power / most)));
}

Result<void> Sweeper::go_through() {
  if (progress_.made() == 0) {
    JOULERY_CHECK(begin());
    if (!stopped_) JOULERY_CHECK(come_back(*first_missing(plan_.steps(), sweep_.runs)));
  }
  for (std::size_t step = 0; step < plan_.steps().size() && !stopped_; ++step) {
    if (!is_due(step)) continue;
    if (progress_.made() > 0) JOULERY_CHECK(cool_down_before(step));
    if (!stopped_) JOULERY_CHECK(make_step(step));
  }
  return {};
}

// A baseline that an earlier call made is made again behind a cap of this one.
bool Sweeper::is_due(std::size_t step) const {
  const SweepStep& due = plan_.steps()[step];
  return !is_made(step, sweep_.runs) || (open_ && !due.level && !due.warm_up);
}

Result<void> Sweeper::cool_down_before(std::size_t step) {
  progress_.tell(step, "cooling down");
  JOULERY_TRY(const std::optional<int> signal, cool_down_.wait());
  stop_for(signal);
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
  SweepRun run = plan_.begin_run(step);
  progress_.tell(step, plan_.cap_text(step));
  JOULERY_TRY(const bool is_set, set_caps(step, run));
  if (is_set)
    JOULERY_CHECK(measure(run));
  else
    run.trial.failed = true;
  open_ = run.level.has_value();
  sweep_.runs.push_back(std::move(run));
  progress_.count();
  return {};
}

// False: not all are set, and the run's notes say why. A device that somebody else has taken is not
// written again: the sweep ends there.
Result<bool> Sweeper::set_caps(std::size_t step, SweepRun& run) {
  const std::vector<Watts> caps = plan_.asked(step);
  bool is_set = true;
  for (std::size_t i = 0; i < sweep_.devices.size() && is_set; ++i) {
    const std::string& device = sweep_.devices[i].id;
    const auto done = run.level ? lease_->set(device, caps[i]) : lease_->set_found(device);
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

Result<void> Sweeper::measure(SweepRun& run) {
  JOULERY_TRY(Job job, plan_.job_of(run));
  input_.rewind();
  JOULERY_TRY(const RecordedRun made, record_run(options_, tools_, *lease_, std::move(job)));
  run.id = made.id;
  if (made.unclosed) sweep_.notes.push_back(made.unclosed->message);
  stop_for(made.outcome.interrupt);
  stopped_ = stopped_ || made.lost_control;

  // The record is read as a later call would: what it says is what counts.
  JOULERY_TRY(const KeptRun kept, tools_.store.load(made.id));
  const auto read = read_run(kept, sweep_.devices, plan_.asked(run.step), run);
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

}  // namespace

std::size_t Sweep::steps_made() const {
  std::set<std::size_t> steps;
  for (const SweepRun& run : runs)
    if (!run.id.empty()) steps.insert(run.step);
  return steps.size();
}

bool Sweep::succeeded() const {
  const auto is_well = [](const SweepRun& run) { return !run.trial.failed; };
  return steps_made() >= planned && std::all_of(runs.begin(), runs.end(), is_well) && !given_back &&
         !interrupted;
}

Result<Sweep> run_sweep(const SweepOptions& options, const SweepTools& tools) {
  return Sweeper(options, tools).run();
}

}  // namespace joulery
