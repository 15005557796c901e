// policy: what is made small: one number from the time and the energy of a job at one cap.
#pragma once

#include "joulery/policy.h"

namespace joulery {

/// Errors: kUsage: cost without a price, a bound or a base power below zero or not finite.
Result<void> check_rules(const ChoiceRules& rules);

/// The devices' energy and the base power of their node over `time`.
Joules with_base(Joules device_energy, Seconds time, int devices, const ChoiceRules& rules);

/// The objective; `energy` as with_base() gives it. A rent that is a range counts with its middle.
double objective_of(Seconds time, Joules energy, int devices, const ChoiceRules& rules);

/// By how many percent the objective grows where the measured energy grows by one, `device_energy`
/// being the measured part.
double energy_weight(Seconds time, Joules energy, Joules device_energy, int devices,
                     const ChoiceRules& rules);

}  // namespace joulery
