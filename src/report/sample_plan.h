// report: plans that the tests of the reports share.
#pragma once

#include "joulery/plan.h"

namespace joulery {

/// Two places, a forecast and what came, all quantities known.
PlanRequest sample_plan_request();

}  // namespace joulery
