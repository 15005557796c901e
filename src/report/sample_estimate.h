// report: fixed estimates for tests.
#pragma once

#include <vector>

#include "joulery/estimate.h"

namespace joulery {

/// One from a run, one without power, one implausible.
std::vector<EstimatedRow> sample_estimates();

}  // namespace joulery
