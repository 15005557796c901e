// control: what a sweep is to do: devices, caps, their order, and what earlier calls have done of
// it.
#pragma once

#include <string>
#include <vector>

#include "control/caps.h"
#include "control/resume.h"
#include "control/schedule.h"
#include "joulery/control.h"

namespace joulery {

/// The plan of `sweep`, which it fills in. All that it is given outlives it.
class SweepPlan {
 public:
  SweepPlan(const SweepOptions& options, Sweep& sweep) : options_(options), sweep_(sweep) {}
  /// Chooses devices and caps, and the order in which each is run `repeat` times. Errors: those of
  /// run_sweep() before the first run.
  Result<void> make(CapControl& control, SweepStore& store, int repeat);
  /// Another number of repeats. More of them leave the steps that there are as they are.
  void set_repeat(int repeat);
  [[nodiscard]] std::vector<SweepStep> steps_for(int repeat) const;
  [[nodiscard]] const std::vector<SweepStep>& steps() const { return steps_; }
  /// Takes over what earlier calls made of the steps from `first` on. A run whose limit somebody
  /// changed, that was interrupted, or cannot be read is made again.
  void take_over_finished(SweepStore& store, std::size_t first);

  /// A run of a step, the next in the sweep's order.
  SweepRun begin_run(std::size_t step);
  /// The job of that run, with its tags.
  [[nodiscard]] Result<Job> job_of(const SweepRun& run) const;
  /// "150 W", "found 250 W", "warm-up".
  [[nodiscard]] std::string cap_text(std::size_t step) const;
  /// What is asked of each device; of the found limit what software is to have asked for, which
  /// somebody out of band may undercut.
  [[nodiscard]] std::vector<Watts> asked(std::size_t step) const;
  /// The limits in force when it began.
  [[nodiscard]] const std::vector<Watts>& found() const { return caps_.found; }

 private:
  [[nodiscard]] Result<SweepIdentity> identify(SweepStore& store) const;
  [[nodiscard]] SweepRun run_of(std::size_t step, std::uint64_t order) const;

  const SweepOptions& options_;
  Sweep& sweep_;
  CapPlan caps_;
  std::vector<SweepStep> steps_;
  SweepIdentity identity_;
  std::string digest_;
};

}  // namespace joulery
