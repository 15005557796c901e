// simulate: what parts of jobs used and how long jobs waited.
#pragma once

#include <vector>

#include "simulate/cluster.h"

namespace joulery::simulate {

struct Figures {
  PerWatt jobs;                 ///< of all jobs, at their power
  PerWatt devices;              ///< of one watt in each device that a job held
  std::vector<PerWatt> by_mix;  ///< parts of `jobs`, by MovableJob::power_mix
  std::vector<double> joules;   ///< IT energy of jobs in each piece of the signals
  PerWatt capped;               ///< part of `jobs`, while a cap held
  double capped_u = 0;          ///< relative, of `capped`: how sure the effect of the cap is
};
/// Every part lies within the signals.
Figures add_up(const std::vector<MovableJob>& jobs, const Parts& parts, const Signals& signals,
               const Slowing* slowing);
/// How jobs fared: waits, stretches, lateness, resumes, the end. Errors: kInvalid where a job ends
/// after what is known.
Result<PolicyRun> describe(const std::vector<MovableJob>& jobs, const Parts& parts,
                           const Signals& signals, Micros slack);

/// The mean of the devices in use in each hour from the first release on. O(parts + hours).
std::vector<double> hourly_devices(const std::vector<MovableJob>& jobs, const Parts& parts);

SimulationSums sums_of(const PerWatt& sum, bool has_price);

}  // namespace joulery::simulate
