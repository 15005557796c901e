// lease: the devices of one machine: listing, taking, recovering.
#pragma once

#include <memory>

#include "lease/machine.h"

namespace joulery {

/// open_cap_control() on a given machine; `missing`: what this process lacks.
std::unique_ptr<CapControl> make_cap_control(std::shared_ptr<LeaseMachine> machine,
                                             std::optional<NoRight> missing,
                                             const CapOptions& options);

/// take() for the process that holds a lease of set_detached().
Result<std::unique_ptr<CapLease>> take_detached(const std::shared_ptr<LeaseMachine>& machine,
                                                const CapOptions& options,
                                                const std::vector<std::string>& devices,
                                                Seconds lifetime);

}  // namespace joulery
