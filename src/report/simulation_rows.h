// report: the runs of a simulation by policy: over seeds, and over places.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "joulery/simulate.h"

namespace joulery {

/// A sum with what one unit of it is known by: its uncertainty and class, or why it is missing.
Estimate<double> sum_of(double value, const Estimate<double>& one);

/// A share saved against running now.
struct Saved {
  double share = 0;
  std::optional<double> u;  ///< standard uncertainty; empty where all that is uncertain cancels
};
/// Empty where running now is not above 0.
std::optional<Saved> saved_by(const SimulationSums& sums, const SavedU& u,
                              const SimulationCase& held, ShiftObjective objective);

/// A share over the runs that have one.
struct Spread {
  double mean = 0, least = 0, most = 0;
  double u = 0;  ///< mean standard uncertainty: what is uncertain moves the runs alike
  std::size_t count = 0;

  void add(const Saved& saved);
};

/// One policy of one case: the means of its seeds.
struct PolicyRow {
  PolicyRun mean;                   ///< of its numbers; peaks are the greatest
  Spread saved;                     ///< share of the objective against running now
  std::optional<double> of_oracle;  ///< mean share of what the oracle saves, where it saves
};
std::vector<PolicyRow> policy_rows(const SimulationCase& held, ShiftObjective objective);

/// What a policy saved with one slack, over all places and seeds.
struct SavedRow {
  Shift policy = Shift::kRunNow;
  Seconds slack{0};
  Spread saved;
};
std::vector<SavedRow> saved_rows(const Simulation& simulation);

}  // namespace joulery
