// sensor: use of CPUs and memory, and the models of their power where no sensor gives it. Opened
// last.
#pragma once

#include "sensor/registry.h"

namespace joulery {

Result<void> open_host_usage(const Machine& machine, const SensorOptions& options, SensorSet& set);

}  // namespace joulery
