// estimate: where a row's power comes from: what is given, a measured run, or a table.
#pragma once

#include "joulery/estimate.h"

namespace joulery::estimate {

/// Fills in parts, energy, excludes, and why there is none. Of a measured run also the count where
/// the row has none, and the device. Errors: naming where the value was written.
Result<void> put_power(const WrittenRow& row, const EstimateSources& sources,
                       EstimateRequest& request);

}  // namespace joulery::estimate
