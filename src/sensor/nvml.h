// sensor: NVIDIA GPUs through libnvidia-ml.so.1.
#pragma once

#include "hw/nvml.h"
#include "joulery/sensor.h"
#include "sensor/registry.h"

namespace joulery {

/// See OpenBackend. With a sysroot only SYSROOT/usr/lib/libnvidia-ml.so.1 is opened.
Result<void> open_nvml(const Machine& machine, const SensorOptions& options, SensorSet& set);

/// The same on a library that is open already.
Result<void> open_nvml_on(const std::shared_ptr<const Nvml>& nvml, const Machine& machine,
                          const SensorOptions& options, SensorSet& set);

/// What is told where the library cannot be used. Boards that may be there all the same become one
/// component without readings, so that a sum without them is known as a lower bound.
Result<void> leave_out_nvml(const Error& error, const Machine& machine,
                            const SensorOptions& options, SensorSet& set);

}  // namespace joulery
