// project: how many devices were in use over time.
#pragma once

#include <optional>

#include "joulery/project.h"
#include "project/log_builder.h"

namespace joulery::project {

/// Of all devices but cores; of cores where the log has nothing else. Empty where no job has a
/// start and a length. Takes 8 bytes a job while it works.
std::optional<DevicesInUse> devices_in_use(const LogData& data);

}  // namespace joulery::project
