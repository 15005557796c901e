// report: a fixed simulation, with one of everything that a report has to show.
#pragma once

#include "joulery/simulate.h"

namespace joulery {

Simulation sample_simulation();

}  // namespace joulery
