// report: words of PUE, see pue_words.h.
#include "report/pue_words.h"

#include <fmt/format.h>

namespace joulery {

std::string clock_of(const PueHour& hour) {
  const WallTime local = hour.begin + hour.offset;
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::minutes>(
      local - std::chrono::floor<std::chrono::days>(local)));
  return fmt::format("{:02}:{:02}", time.hours().count(), time.minutes().count());
}

std::string date_of(const PueHour& hour) {
  const std::chrono::year_month_day date(
      std::chrono::floor<std::chrono::days>(hour.begin + hour.offset));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::string hour_name(const PueHour& hour) {
  const std::string local = date_of(hour) + "T" + clock_of(hour);
  const auto minutes = std::chrono::floor<std::chrono::minutes>(hour.offset).count();
  if (minutes == 0) return local + "Z";
  const auto size = minutes < 0 ? -minutes : minutes;
  return fmt::format("{}{}{:02}:{:02}", local, minutes < 0 ? '-' : '+', size / 60, size % 60);
}

}  // namespace joulery
