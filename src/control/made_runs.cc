// control: the runs that are made, see made_runs.h.
#include "control/made_runs.h"

#include <algorithm>

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

std::size_t baseline_before(std::size_t step, const std::vector<SweepStep>& steps) {
  while (step > 0 && (steps[step].level || steps[step].warm_up)) --step;
  return step;
}

void drop_unclosed(const std::vector<SweepStep>& steps, std::vector<SweepRun>& runs) {
  const auto missing = first_missing(steps, runs);
  if (!missing || *missing == 0) return;
  const std::size_t before = baseline_before(*missing - 1, steps);
  std::size_t behind = *missing;
  while (behind < steps.size() && steps[behind].level) ++behind;
  if (behind < steps.size() && is_made(behind, runs)) return;
  std::erase_if(runs, [&](const SweepRun& run) {
    return run.level && run.step > before && run.step < behind;
  });
}

void put_in_order(std::vector<SweepRun>& runs) {
  std::stable_sort(runs.begin(), runs.end(), [](const SweepRun& a, const SweepRun& b) {
    if (a.resumed != b.resumed) return a.resumed;
    return a.resumed && a.began < b.began;
  });
}

}  // namespace joulery
