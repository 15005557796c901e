// policy: what each cap changed, with the drift of the machine taken out between baselines.
#pragma once

#include <optional>
#include <vector>

namespace joulery {

/// One trial as the fit sees it.
struct DriftTrial {
  double at = 0;                   ///< when, in any unit
  double log_value = 0;            ///< of a time, an energy, ...
  std::optional<std::size_t> cap;  ///< which of the caps; empty: a baseline
};

/// An effect is the difference of logarithms between a cap and the baseline.
struct DriftEffect {
  double effect = 0;
  double spread = 0;        ///< standard deviation of `effect`, for trials of standard deviation 1
  double own_variance = 0;  ///< of this cap's trials about the fit
  double own_dof = 0;       ///< repeats less one
};
struct DriftFit {
  std::vector<DriftEffect> effects;  ///< by cap
  double variance = 0;               ///< of one trial, from all repeats; 0 where dof is
  double dof = 0;
};

/// Least squares of: log value = drift + effect of the cap + scatter, the drift being a line from
/// each baseline to the next, and level before the first and after the last. At least one
/// baseline, and at least one trial of each cap below `caps`; `at` does not fall.
DriftFit fit_drift(const std::vector<DriftTrial>& trials, std::size_t caps);

}  // namespace joulery
