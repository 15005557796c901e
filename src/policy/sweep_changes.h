// policy: how much each cap of a sweep changed, and how sure that is.
#pragma once

#include <optional>
#include <vector>

#include "policy/sweep_points.h"

namespace joulery {

/// A change as the difference of logarithms against the baseline.
struct LogChange {
  double effect = 0;
  std::optional<double> u{};  ///< k = 1; absent without repeats
  double dof = 0;             ///< of u

  /// The truth lies below it with probability `p`. Empty without repeats.
  [[nodiscard]] std::optional<double> below(double p) const;
};
/// As CapPoint has it, for people and programs.
Change as_change(const LogChange& change);

/// By point; empty for the baseline and where no trial can be compared.
struct SweepChanges {
  std::vector<std::optional<LogChange>> time, energy, device_energy, objective;
};
/// `points` has at least one usable baseline.
SweepChanges find_changes(const SweepPoints& points, const SweepTrials& sweep,
                          const ChoiceRules& rules);

}  // namespace joulery
