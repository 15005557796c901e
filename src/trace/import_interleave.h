// trace: rows of several devices in one log that does not say whose they are.
#pragma once

#include <span>
#include <vector>

#include "joulery/units.h"

namespace joulery {

/// How many devices' rows take turns, told by their stamps: one burst of rows for each period. 1
/// where they do not, and where the stamps are too coarse to tell (whole seconds).
int find_interleaved(std::span<const Instant> stamps);

/// The device (0 .. devices - 1) of each row by its place in its burst; -1 for rows of a burst that
/// is not whole, which cannot be told. `by_count`: the stamps show no bursts, rows are just
/// counted.
std::vector<int> assign_interleaved(std::span<const Instant> stamps, int devices, bool by_count);

}  // namespace joulery
