// report: rents as people know them.
#pragma once

#include <cmath>

#include "joulery/units.h"

namespace joulery {

/// Per hour, to a millionth: without the noise that the change of unit leaves in the last digits.
inline double per_hour(MoneyPerSecond price) {
  return std::round(price.count() * kSecondsPerHour * 1e6) / 1e6;
}

}  // namespace joulery
