// estimate: the floating-point operations of training, and how well hardware was used for them.
#pragma once

#include "joulery/estimate.h"

namespace joulery::estimate {

/// The row's operations: given, from parameters and tokens, or from layers and tokens. Nothing
/// where the row says none of them. Errors: naming where the value was written.
Result<std::optional<TrainingWork>> read_work(const WrittenRow& row);

/// Where the row has an `mfu`: the share of their peak that the devices work at, and the duration
/// that follows.
Result<void> put_time_of_work(const WrittenRow& row, EstimateRequest& request);

/// Rates of the row's work over its device time.
WorkRate work_rate(const EstimateRequest& request, const Estimate<Joules>& it_energy);

}  // namespace joulery::estimate
