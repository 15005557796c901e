// pue: days, months and years from hourly means.
#pragma once

#include "joulery/pue.h"

namespace joulery {

/// How the gain of the meters enters a PUE: the same way into all readings, so that no mean makes
/// it smaller.
struct MeterGain {
  double u = 0;           ///< standard uncertainty, relative
  bool overhead = false;  ///< of PUE - 1; else of the PUE itself, and ratios of two PUEs are free
                          ///< of it
};

/// Standard uncertainty of a PUE or a mean of such, of the gain.
double gain_u(const MeterGain& gain, double pue);

/// Fills days, months, years and all from the hours.
void add_periods(const MeterGain& gain, PueProfile& profile);

}  // namespace joulery
