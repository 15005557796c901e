// pue: meters that count on: their states to energies of intervals.
#pragma once

#include "joulery/pue.h"

namespace joulery {

/// Leaves energies of intervals as they are, or makes them from the states of a meter. Errors:
/// kInvalid where `how` is kGuess and the readings look like states.
Result<void> settle_energies(EnergyReading how, Series& series);

}  // namespace joulery
