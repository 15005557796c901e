// report: times as a civil clock shows them.
#pragma once

#include <string>
#include <vector>

#include "joulery/series.h"

namespace joulery {

class LocalClock {
 public:
  /// For these times. Where the clock is set within a day of one of them, so that it may show a
  /// time twice, all are told with their offset from UTC.
  LocalClock(const TimeZone& zone, const std::vector<WallTime>& times);

  /// "2026-11-26 08:00", with seconds where there are any; "2026-10-25 02:00+02".
  [[nodiscard]] std::string text(WallTime time) const;

 private:
  TimeZone zone_;
  bool shows_offset_ = false;
};

}  // namespace joulery
