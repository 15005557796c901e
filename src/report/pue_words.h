// report: what the reports of PUE share: hours by the civil clock.
#pragma once

#include <string>

#include "joulery/pue.h"

namespace joulery {

/// "2020-01-01T14:00Z", or with the civil clock's offset: "2020-01-01T07:00-07:00".
std::string hour_name(const PueHour& hour);
/// "14:00".
std::string clock_of(const PueHour& hour);
/// "2020-01-01".
std::string date_of(const PueHour& hour);

}  // namespace joulery
