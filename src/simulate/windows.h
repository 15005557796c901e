// simulate: plans of all jobs, each by itself or with the devices that are left.
#pragma once

#include <vector>

#include "simulate/calendar.h"
#include "simulate/forecast.h"

namespace joulery::simulate {

/// Each job by itself, or, with a `calendar`, in the order of release: each takes the start of
/// least cost within its slack at which the devices that it needs are free of those before it;
/// where there is none, the first moment at which they are. `shape` holds what jobs have in common;
/// with a calendar not interruptible. Errors: as best_window().
Result<Parts> parts_in_windows(const std::vector<MovableJob>& jobs, Outlook& outlook,
                               JobShape shape, Calendar* calendar);

}  // namespace joulery::simulate
