// pue: hours of a civil clock, see civil_hours.h.
#include "pue/civil_hours.h"

namespace joulery {
namespace {

/// The first moment after `from` that has another offset than `from`; `to` has another one.
WallTime change_between(WallTime from, WallTime to, const ClockOffset& offset_at) {
  const std::chrono::seconds before = offset_at(from);
  while (to - from > std::chrono::seconds(1)) {
    const WallTime middle = std::chrono::floor<std::chrono::seconds>(from + (to - from) / 2);
    (offset_at(middle) == before ? from : to) = middle;
  }
  return to;
}

CivilHour hour_from(WallTime begin, const ClockOffset& offset_at) {
  CivilHour hour{begin, {}, offset_at(begin)};
  const WallTime local = begin + hour.offset;
  hour.end = std::chrono::floor<std::chrono::hours>(local) + std::chrono::hours(1) - hour.offset;
  // A second before its end, because the clocks are mostly set on the hour.
  const WallTime last = hour.end - std::chrono::seconds(1);
  if (last > begin && offset_at(last) != hour.offset)
    hour.end = change_between(begin, last, offset_at);
  return hour;
}

std::chrono::local_days day_of(WallTime time, const ClockOffset& offset_at) {
  return CivilHour{time, {}, offset_at(time)}.day();
}

/// Where the civil day of `time` begins, or a little before.
WallTime before_day_of(WallTime time, const ClockOffset& offset_at) {
  const WallTime local = time + offset_at(time);
  // The clock may have been set since midnight, by less than three hours anywhere.
  return std::chrono::floor<std::chrono::hours>(time) -
         (std::chrono::floor<std::chrono::hours>(local) -
          std::chrono::floor<std::chrono::days>(local)) -
         std::chrono::hours(3);
}

}  // namespace

std::vector<CivilHour> civil_hours(WallTime begin, WallTime end, const ClockOffset& offset_at) {
  const std::chrono::local_days first = day_of(begin, offset_at);
  const std::chrono::local_days last = day_of(end - Micros(1), offset_at);
  std::vector<CivilHour> all;
  WallTime at = before_day_of(begin, offset_at);
  while (true) {
    const CivilHour hour = hour_from(at, offset_at);
    if (hour.day() > last) return all;
    if (hour.day() >= first) all.push_back(hour);
    at = hour.end;
  }
}

}  // namespace joulery
