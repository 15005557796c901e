// report: times as a civil clock shows them, see local_clock.h.
#include "report/local_clock.h"

#include <fmt/format.h>

#include <cstdlib>

#include "base/text.h"

namespace joulery {
namespace {

/// "+02", "+10:30".
std::string offset_text(std::chrono::seconds offset) {
  const auto minutes = std::abs(std::chrono::duration_cast<std::chrono::minutes>(offset).count());
  const std::string hours = fmt::format("{}{:02}", offset.count() < 0 ? '-' : '+', minutes / 60);
  return minutes % 60 == 0 ? hours : fmt::format("{}:{:02}", hours, minutes % 60);
}

}  // namespace

LocalClock::LocalClock(const TimeZone& zone, const std::vector<WallTime>& times) : zone_(zone) {
  for (const WallTime time : times)
    for (const auto near : {-std::chrono::days(1), std::chrono::days(1)})
      if (zone.offset_at(time + near) != zone.offset_at(time)) shows_offset_ = true;
}

std::string LocalClock::text(WallTime time) const {
  const std::chrono::seconds offset = zone_.offset_at(time);
  std::string text = format_time(time + offset);
  text[10] = ' ';
  const bool whole = text.substr(16, 7) == ":00.000";
  text.resize(whole ? 16 : 19);
  return shows_offset_ ? text + offset_text(offset) : text;
}

}  // namespace joulery
