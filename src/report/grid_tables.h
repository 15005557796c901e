// report: relative time and energy of the combinations of a grid, the tables behind Figures 1 to 3
// of arXiv 2205.09646.
#pragma once

#include <iosfwd>
#include <vector>

#include "joulery/control.h"

namespace joulery {

/// A row a combination, a column a cap, and the means. As many caps side by side as leave room for
/// the names of the combinations.
void write_grid_tables(const std::vector<Sweep>& sweeps, std::ostream& out);

}  // namespace joulery
