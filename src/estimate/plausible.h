// estimate: rows that no hardware and no grid could have.
#pragma once

#include "joulery/estimate.h"

namespace joulery::estimate {

/// Adds to row.flags what is implausible of the row and of what was published beside it, each in
/// words, with the slip that would explain it.
void put_flags(EstimatedRow& row);

}  // namespace joulery::estimate
