// pue: hourly means of PUE, IT load and temperature.
#pragma once

#include <optional>
#include <vector>

#include "joulery/pue.h"
#include "pue/civil_hours.h"
#include "pue/flow.h"

namespace joulery {

/// All hours of the days in which there are flows, at least one.
std::vector<PueHour> make_hours(const PueReadings& readings, const std::vector<Flow>& flows,
                                const ClockOffset& clock);

/// As make_pue_profile(), on any clock; `time_zone` stays empty.
Result<PueProfile> profile_of(const PueReadings& readings, const ClockOffset& clock,
                              std::optional<double> meter_accuracy);

}  // namespace joulery
