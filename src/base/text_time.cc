// base: wall-clock times as text (RFC 3339), see text.h.
#include <fmt/format.h>

#include "base/text.h"

namespace joulery {
namespace {

using std::chrono::minutes;

// Exactly `digits` decimal digits, taken from the front of `text`.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return {};
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return {};
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// Digits behind the decimal point as microseconds; those past the sixth are dropped.
std::optional<Micros> take_fraction(std::string_view& text) {
  if (!take(text, '.')) return Micros(0);
  std::int64_t micros = 0;
  std::size_t count = 0;
  while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    if (count < 6) micros = micros * 10 + (text[0] - '0');
    ++count;
    text.remove_prefix(1);
  }
  if (count == 0) return {};
  for (std::size_t i = count; i < 6; ++i) micros *= 10;
  return Micros(micros);
}

std::optional<minutes> take_offset(std::string_view& text) {
  if (take(text, 'Z') || take(text, 'z')) return minutes(0);
  const int sign = text.starts_with('-') ? -1 : 1;
  if (!take(text, '+') && !take(text, '-')) return {};
  const auto h = take_digits(text, 2);
  if (!h || !take(text, ':')) return {};
  const auto m = take_digits(text, 2);
  if (!m || *h > 23 || *m > 59) return {};
  return minutes(sign * (*h * 60 + *m));
}

}  // namespace

std::optional<WallTime> parse_time(std::string_view text, std::optional<minutes> offset) {
  text = trim(text);
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return {};
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return {};
  const auto day = take_digits(text, 2);
  if (!day || (!take(text, 'T') && !take(text, 't') && !take(text, ' '))) return {};
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ':')) return {};
  const auto minute = take_digits(text, 2);
  if (!minute || !take(text, ':')) return {};
  const auto second = take_digits(text, 2);
  if (!second) return {};
  const auto fraction = take_fraction(text);
  if (!fraction || *hour > 23 || *minute > 59 || *second > 60) return {};
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return {};
  if (!text.empty()) {
    offset = take_offset(text);
    if (!offset || !text.empty()) return {};
  }
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + minutes(*minute) +
         std::chrono::seconds(*second) + *fraction - offset.value_or(minutes(0));
}

Result<minutes> parse_utc_offset(std::string_view text, std::string_view flag) {
  std::string_view rest = trim(text);
  const auto offset = take_offset(rest);
  if (!offset || !rest.empty())
    return Error{
        ErrorCode::kUsage,
        fmt::format("{}: '{}' is not an offset from UTC; for example {} +01:00", flag, text, flag)};
  return *offset;
}

std::string format_time(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::milliseconds>(time - day));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

}  // namespace joulery
