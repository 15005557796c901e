// series: what an empty cell says: that a value is missing, or that the row is of another column.
#pragma once

#include <string>
#include <vector>

#include "series/order.h"

namespace joulery::series {

/// Where a file joins columns of several steps, one has a value in every k-th row alone: the rows
/// between are of the others, and no gaps of this one. They are dropped, by what the nine values
/// around show, since steps may change in mid-file. Where these show no step, a value holds for one
/// row, as everywhere; but energies, of which that would be a guess, are taken as not known.
void settle_empty_cells(SeriesMeasure measure, std::vector<TimedReading>& readings,
                        std::vector<std::string>& notes);

}  // namespace joulery::series
