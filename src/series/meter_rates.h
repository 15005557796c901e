// series: how fast a meter counts, and which rise of it is none of its own.
#pragma once

#include <vector>

#include "series/order.h"

namespace joulery::series {

class MeterRates {
 public:
  /// Of the rises between neighbours.
  explicit MeterRates(const std::vector<TimedReading>& states);

  /// Whether a meter may have risen by `energy` within that time.
  [[nodiscard]] bool plausible(double energy, Micros time) const;
  /// 0 for the usual rate, more the further from it (the logarithm of the ratio); infinite for what
  /// is not plausible.
  [[nodiscard]] double strangeness(double energy, Micros time) const;

 private:
  [[nodiscard]] double rate(double energy, Micros time) const;

  double usual_ = 0;  ///< watts: the median of what is above 0; 0 where nothing rises
  double most_ = 0;   ///< watts
  Micros least_time_{1};
};

}  // namespace joulery::series
