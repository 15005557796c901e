// report: the runs of a simulation by policy: over seeds, and over places.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "joulery/simulate.h"

namespace joulery {

/// A sum with what one unit of it is known by: its uncertainty and class, or why it is missing.
Estimate<double> sum_of(double value, const Estimate<double>& one);

/// A number over those of several runs that have one.
struct Spread {
  double mean = 0, least = 0, most = 0;
  std::size_t count = 0;

  void add(std::optional<double> given);
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
