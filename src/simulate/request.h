// simulate: what a request must hold to be run.
#pragma once

#include "joulery/simulate.h"

namespace joulery::simulate {

/// Whether it moves jobs that then run without a pause.
bool is_in_one_piece(Shift shift);

/// Errors: as simulate_jobs().
Result<void> check_request(const Workload& workload, const SimulationRequest& request);

}  // namespace joulery::simulate
