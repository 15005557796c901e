// report: a fixed profile of PUE and its model for tests.
#pragma once

#include "joulery/pue.h"

namespace joulery {

/// Ten days at the turn of two months, an hour and a day of them partly unknown.
PueProfile sample_pue();
PueModel sample_pue_model();

}  // namespace joulery
