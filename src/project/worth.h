// project: what the quality of a project's runs took: improvement, doublings of energy, hyper-
// parameters, and groups of runs beside one another.
#pragma once

#include <optional>
#include <vector>

#include "project/log_builder.h"
#include "project/tally.h"

namespace joulery::project {

/// The metric of each job; empty where it has none.
using Metrics = std::vector<std::optional<double>>;

/// Of a log that was read with a metric. Errors: kInvalid where no job has it.
Result<ProjectWorth> worth_of(const LogData& data, const ProjectRequest& request,
                              const Pricing& pricing);

/// Groups by the columns of --by (device and month apart), and the front of them and `beside`.
void put_groups(const LogData& data, const Metrics& metrics, const ProjectRequest& request,
                const Pricing& pricing, ProjectWorth& worth);

/// What a job used, where it was measured or the power of all its devices is known.
std::optional<Joules> energy_of(const LogData& data, const JobRecord& job,
                                const std::vector<DeviceRate>& rates);

}  // namespace joulery::project
