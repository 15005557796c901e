// series: meters that count on: the energies between their states, whatever faults those have.
#pragma once

#include <string>
#include <vector>

#include "joulery/result.h"
#include "series/order.h"

namespace joulery::series {

/// A piece from each state to the next, with what the meter rose by there; nothing over a gap, of
/// which no part is known to have used it. `readings` all have a value; `unit` is one of the
/// heading's units in joules, in which registers are full. A fault costs one reading or one
/// interval, and a note tells how often and when first:
/// - a reading that leaves the others and comes back (a poll of 0) is dropped, and the energy
///   across it kept; where several do so, nothing is known until they are back;
/// - a full register that begins again at 0 is counted on;
/// - a fall that stays (the meter was exchanged or set back), and a rise beyond all others (it was
///   exchanged for one that had counted more) tell nothing of their interval.
/// Errors: kInvalid where values fall as often as those of no meter, and where no two follow each
/// other. Linear, but for faults that come back late.
Result<std::vector<SeriesPiece>> energies_between(const std::vector<TimedReading>& readings,
                                                  double unit, const std::string& place,
                                                  std::vector<std::string>& notes);

}  // namespace joulery::series
