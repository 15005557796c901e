// estimate: the power of a measured run, scaled to another count of devices.
#pragma once

#include "joulery/estimate.h"

namespace joulery::estimate {

/// Errors: naming where the value was written; those of sources.find_run.
Result<void> put_run(const WrittenRow& row, const WrittenValue& value,
                     const EstimateSources& sources, EstimateRequest& request);

}  // namespace joulery::estimate
