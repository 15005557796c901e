// policy: the trials of a sweep that can be compared, gathered by cap.
#pragma once

#include <vector>

#include "joulery/policy.h"
#include "policy/drift_fit.h"

namespace joulery {

/// A trial that did the work and ended well, with the energy that the rules count.
struct UsableTrial {
  const SweepTrial* trial = nullptr;
  std::size_t point = 0;  ///< index into CapChoice::points
  double at = 0;          ///< seconds since the begin, at its middle; else its place in the order
  Joules energy{};
};

struct SweepPoints {
  CapChoice choice;  ///< points with their means and counts, without changes
  std::vector<UsableTrial> usable;
};
/// Errors: kInvalid: no baseline trial, or a cap, time or energy that is not above 0.
Result<SweepPoints> gather_points(const SweepTrials& sweep, const ChoiceRules& rules);

}  // namespace joulery
