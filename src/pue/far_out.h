// pue: hours that stand far out from all others, and what they do to the means.
#pragma once

#include "joulery/pue.h"
#include "pue/periods.h"

namespace joulery {

/// Fills profile.far_out, of a profile that has its periods.
void find_far_out(const MeterGain& gain, PueProfile& profile);

}  // namespace joulery
