// control: which sweep a run belongs to: tags of its record, so that nothing but the ledger has to
// survive an interruption.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "control/caps.h"
#include "joulery/control.h"

namespace joulery {

/// A run that ended well.
struct FinishedRun {
  std::string id;
  std::size_t step = 0;
  std::uint64_t order = 0;
};

/// A sweep that has been begun.
struct SweepIdentity {
  std::string id;
  std::uint64_t seed = 0;
  std::vector<FinishedRun> finished;
  std::uint64_t next_order = 0;  ///< of the next run: behind all that were begun
};

/// Stands for all that must be the same for runs to belong together: command, directory, host,
/// caps, devices, the limits found. Not the repeats: more of them leave the first steps as they
/// are.
std::string plan_digest(const SweepOptions& options, const CapPlan& plan,
                        const std::vector<CapDevice>& devices);

/// A new sweep: an id of its own, and the seed that was given or one that is drawn.
SweepIdentity new_sweep(std::optional<std::uint64_t> seed);

/// The newest sweep of this plan, with those of its runs that ended well. Errors: kInvalid, where
/// there is none; those of the store.
Result<SweepIdentity> find_sweep(SweepStore& store, const std::string& plan);

/// Adds the tags of one run. Errors: kUsage, where the user gave one of the same name.
Result<void> add_tags(const SweepIdentity& sweep, const std::string& plan, const SweepRun& run,
                      const std::string& cap, Job& job);

}  // namespace joulery
