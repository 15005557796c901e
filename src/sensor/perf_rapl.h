// sensor: RAPL energy counters through the kernel's "power" PMU, where powercap cannot be read.
#pragma once

#include "sensor/registry.h"

namespace joulery {

Result<void> open_perf_rapl(const Machine& machine, const SensorOptions& options, SensorSet& set);

}  // namespace joulery
