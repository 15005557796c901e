// control: the choice of a sweep, see judge.h.
#include "control/judge.h"

#include <fmt/format.h>

#include <algorithm>

namespace joulery {
namespace {

bool counts(const SweepRun& run) { return !run.warm_up && !run.trial.failed; }

/// The first baseline that can be compared: all others are held against it.
const SweepRun* find_reference(const Sweep& sweep) {
  for (const SweepRun& run : sweep.runs)
    if (counts(run) && !run.level) return &run;
  return nullptr;
}

// Where a file is named, a run that left none cannot be known to have done the same.
std::string difference(const SweepRun& run, const SweepRun& reference, bool by_file) {
  if (run.marks != reference.marks)
    return "made " + std::to_string(run.marks) + " marks, the first baseline " +
           std::to_string(reference.marks);
  if (by_file && (run.digest.empty() || run.digest != reference.digest))
    return "did not write the same file as the first baseline";
  return {};
}

void compare_work(bool by_file, Sweep& sweep) {
  const SweepRun* const found = find_reference(sweep);
  if (found == nullptr) return;
  const SweepRun reference = *found;
  for (SweepRun& run : sweep.runs) {
    if (!counts(run)) continue;
    const std::string why = difference(run, reference, by_file);
    if (why.empty()) continue;
    run.trial.equal_work = sweep.equal_work = false;
    run.notes.push_back("unequal work: it " + why);
  }
  const bool by_marks = std::any_of(sweep.runs.begin(), sweep.runs.end(),
                                    [](const SweepRun& run) { return run.marks > 0; });
  sweep.equal_work_by = by_marks && by_file ? "marks and file"
                        : by_marks          ? "marks"
                        : by_file           ? "file"
                                            : "exit status";
}

SweepTrials trials_of(const Sweep& sweep) {
  SweepTrials trials;
  trials.devices = static_cast<int>(sweep.devices.size());
  double gain_u = 0;
  Seconds begin{0};
  for (const SweepRun& run : sweep.runs) {
    if (run.warm_up || run.id.empty()) continue;
    trials.trials.push_back(run.trial);
    // Time under load, without the waits: it is the load that lets a machine drift.
    trials.trials.back().begin = begin;
    begin += run.trial.time;
    gain_u = std::max(gain_u, run.gain_u);
  }
  trials.gain_u = gain_u;
  return trials;
}

// They share the devices with the next run, which has another cap.
void note_survivors(Sweep& sweep) {
  std::size_t runs = 0;
  const Survivor* first = nullptr;
  for (const SweepRun& run : sweep.runs) {
    if (run.survivors.empty()) continue;
    ++runs;
    if (first == nullptr) first = &run.survivors.front();
  }
  if (first == nullptr) return;
  sweep.notes.push_back(fmt::format(
      "of {} of the {} runs processes went on when the command had ended, {} (process {}) first: "
      "what they did then is in the next run, at another cap",
      runs, sweep.runs.size(), first->name, first->pid));
}

}  // namespace

Result<int> find_repeats_of(const std::string& same, Sweep sweep, int most) {
  compare_work(!same.empty(), sweep);
  return find_repeats(trials_of(sweep), sweep.rules, most);
}

void judge(const std::string& same, Sweep& sweep) {
  compare_work(!same.empty(), sweep);
  if (std::any_of(sweep.runs.begin(), sweep.runs.end(),
                  [](const SweepRun& run) { return run.simulated; }))
    sweep.notes.emplace_back("a simulated device: no real energy was measured");
  note_survivors(sweep);
  auto choice = choose_from_sweep(trials_of(sweep), sweep.rules);
  if (choice)
    sweep.choice = std::move(*choice);
  else
    sweep.no_choice = choice.error().message;
}

}  // namespace joulery
