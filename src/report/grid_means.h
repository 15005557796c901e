// report: what the combinations of a grid have in common: means of the changes at each cap.
#pragma once

#include <vector>

#include "joulery/control.h"

namespace joulery {

struct GridMean {
  Watts cap{};
  Change time, energy;
  std::size_t groups = 0;  ///< that were compared at this cap
};
/// By rising cap; each combination counts alike.
std::vector<GridMean> grid_means(const std::vector<Sweep>& sweeps);

/// The point of a sweep at a cap that grid_means() counts; nullptr where there is none.
const CapPoint* find_point(const Sweep& sweep, Watts cap);

}  // namespace joulery
