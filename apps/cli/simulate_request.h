// joulery: the flags of a simulation and what they ask for.
#pragma once

#include "args.h"
#include "joulery/simulate.h"

namespace joulery::cli {

struct AskedSimulation {
  Workload workload;
  SimulationRequest request;
};
/// Reads the log and all series. Errors: kUsage naming the flag, and as their readers.
Result<AskedSimulation> simulation_request_of(const Args& args);

}  // namespace joulery::cli
