// pue: whether energies are those of intervals or the states of meters that count on.
#pragma once

#include "joulery/pue.h"

namespace joulery {

/// Errors: kInvalid where `how` is kGuess and energies of intervals look like states; kUsage where
/// the heading contradicts `how`. What is no energy passes.
Result<void> check_energies(EnergyReading how, const Series& series);

}  // namespace joulery
