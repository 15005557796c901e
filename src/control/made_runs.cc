// control: the runs that are made, see made_runs.h.
#include "control/made_runs.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace joulery {

bool is_made(std::size_t step, const std::vector<SweepRun>& runs) {
  return std::any_of(runs.begin(), runs.end(),
                     [&](const SweepRun& run) { return run.step == step; });
}

std::optional<std::size_t> first_missing(const std::vector<SweepStep>& steps,
                                         const std::vector<SweepRun>& runs) {
  for (std::size_t step = 0; step < steps.size(); ++step)
    if (!is_made(step, runs)) return step;
  return std::nullopt;
}

std::size_t count_missing(const std::vector<SweepStep>& steps, const std::vector<SweepRun>& runs) {
  std::size_t missing = 0;
  for (std::size_t step = 0; step < steps.size(); ++step) missing += is_made(step, runs) ? 0 : 1;
  return missing;
}

std::size_t baseline_before(std::size_t step, const std::vector<SweepStep>& steps) {
  while (step > 0 && (steps[step].level || steps[step].warm_up)) --step;
  return step;
}

// A call begins with a baseline that was made before: the next baseline of the same call has a
// later step.
void drop_unclosed(std::vector<SweepRun>& runs) {
  std::stable_sort(runs.begin(), runs.end(),
                   [](const SweepRun& a, const SweepRun& b) { return a.order < b.order; });
  std::optional<std::size_t> next_baseline;  // its step
  std::vector<SweepRun> kept;
  for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
    if (!run->level && !run->warm_up) next_baseline = run->step;
    if (run->resumed && run->level && (!next_baseline || *next_baseline < run->step)) continue;
    kept.push_back(std::move(*run));
  }
  runs.assign(std::make_move_iterator(kept.rbegin()), std::make_move_iterator(kept.rend()));
}

}  // namespace joulery
