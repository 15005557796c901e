// sensor: RAPL energy counters through /sys/class/powercap (Intel, AMD).
#pragma once

#include "sensor/registry.h"

namespace joulery {

Result<void> open_powercap(const Machine& machine, const SensorOptions& options, SensorSet& set);

}  // namespace joulery
