// lease: devices that this process holds.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lease/give_back.h"
#include "lease/machine.h"

namespace joulery {

/// Takes over records that are on disk and the guard that watches over them (null: there is none).
std::unique_ptr<CapLease> make_held_lease(std::shared_ptr<LeaseMachine> machine,
                                          std::vector<LeaseRecord> records,
                                          std::vector<CapDevice> found,
                                          std::unique_ptr<GuardHandle> guard);

}  // namespace joulery
