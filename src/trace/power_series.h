// trace: power over time in equal steps, for plots and for the question whether it is steady.
#pragma once

#include <string>
#include <vector>

#include "joulery/trace.h"

namespace joulery {

/// Mean power of each step; NaN, which plotting programs leave out, where less than half of the
/// step was seen.
struct PowerCurve {
  std::string name;  ///< the component's id
  std::vector<double> watts;
};
struct PowerSeries {
  Seconds step{60};
  std::vector<PowerCurve> parts;  ///< one a component that nothing else counts
  PowerCurve total;               ///< a gap where one of the parts has one
};

/// The step that suits a run: a minute, or a round number of seconds below where that gives fewer
/// than 200 points, but not finer than its sensors.
Seconds power_step(const Trace& trace);
/// Errors: kUnavailable where no channel tells a power or energy.
Result<PowerSeries> make_power_series(const Trace& trace, Seconds step);

}  // namespace joulery
