// account: the job's part of a machine that others use too.
#pragma once

#include <optional>

#include "joulery/account.h"
#include "joulery/job.h"

namespace joulery::account {

/// The job's share of a CPU's or a DRAM's energy, by CPU time; empty for other kinds and where CPU
/// time is not known. What is left of the energy is other users' and nobody's ("unattributed"):
/// share + rest = energy, exactly.
std::optional<Estimate<Joules>> share_by_cpu_time(const ComponentAccount& component,
                                                  const Job& job);

}  // namespace joulery::account
