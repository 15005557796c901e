// ledger: the names of runs. They sort by the time at which the run began to be recorded.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "joulery/units.h"

namespace joulery {

/// "20261125T153412-k3x9qa": the UTC second, then two digits (base 36) of the fraction of it, so
/// that runs of one second sort too, then four random ones.
std::string run_id(WallTime now, std::uint32_t random);
/// The first moment whose digits come after those of `last`; `now`, where that is later.
WallTime next_tick(WallTime now, WallTime last);
/// With randomness from the kernel, so that nodes that share a home do not meet. Those of one
/// process are each greater than the one before, so a run that is stored in the same tick is told
/// as one of the next.
std::string make_run_id();
/// Whether `text` has that form. Nothing else is ever taken for a file of the ledger.
bool is_run_id(std::string_view text);

}  // namespace joulery
