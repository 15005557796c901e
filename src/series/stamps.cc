// series: stamps, see stamps.h.
#include "series/stamps.h"

#include <cmath>

#include "base/text.h"

namespace joulery::series {
namespace {

constexpr std::string_view kHourOf = "hour_of_";
// Seconds from 1970 pass this in the year 5138, milliseconds passed it in 1973.
constexpr double kLeastMilliseconds = 1e11;
constexpr double kMostSeconds = 32'503'680'000;  // the year 3000
// 1973. Smaller numbers count from another moment than 1970: hours, rows, seconds of a run.
constexpr double kLeastSeconds = 1e8;

/// "2022-01-01", "2022-01-01 00:00", "...+00", "...+0000", "... UTC" as RFC 3339 has it.
std::string completed(std::string_view cell) {
  std::string text(trim(cell));
  if (text.ends_with(" UTC")) text.replace(text.size() - 4, 4, "Z");
  if (text.size() == 10) return text + "T00:00:00";
  if (text.size() >= 16 && (text.size() == 16 || text[16] != ':')) text.insert(16, ":00");
  const std::size_t sign = text.find_first_of("+-", 19);
  if (sign == std::string::npos) return text;
  if (text[sign - 1] == ' ') return completed(text.substr(0, sign - 1) + text.substr(sign));
  if (text.size() - sign == 3) text += ":00";
  if (text.size() - sign == 5) text.insert(sign + 3, ":");
  return text;
}

bool has_zone(std::string_view completed_text) {
  return completed_text.find_first_of("Zz+-", 19) != std::string::npos;
}

/// The year of "hour_of_2022_utc".
std::optional<int> year_of(std::string_view heading) {
  if (!heading.starts_with(kHourOf)) return {};
  const auto year = parse_integer(heading.substr(kHourOf.size(), 4));
  if (!year || *year < 1900 || *year > 2999) return {};
  return static_cast<int>(*year);
}

}  // namespace

std::optional<StampColumn> StampColumn::recognise(std::string_view heading, std::string_view cell) {
  const std::string name = lower(trim(heading));
  StampColumn column;
  column.utc_ = name.find("utc") != std::string::npos;
  if (const auto year = year_of(name)) {
    column.form_ = Form::kHourOfYear;
    column.year_begin_ = std::chrono::sys_days(std::chrono::year(*year) / std::chrono::January / 1);
  } else if (const auto number = parse_number(cell)) {
    column.form_ = *number >= kLeastMilliseconds ? Form::kMilliseconds : Form::kSeconds;
  }
  if (!column.read(cell)) return {};
  return column;
}

std::optional<Stamp> StampColumn::read(std::string_view cell) const {
  if (form_ == Form::kText) {
    // Most files write RFC 3339, which needs no copy.
    if (const auto time = parse_time(cell))
      return Stamp{time->time_since_epoch(), !utc_ && !has_zone(trim(cell))};
    const std::string text = completed(cell);
    const auto time = parse_time(text);
    if (!time) return {};
    return Stamp{time->time_since_epoch(), !utc_ && !has_zone(text)};
  }
  const auto number = parse_number(cell);
  if (!number || *number < 0) return {};
  if (form_ == Form::kHourOfYear) {
    const std::chrono::year year = std::chrono::year_month_day(year_begin_).year();
    if (*number >= (year.is_leap() ? 366 : 365) * 24) return {};
    const Micros begin = year_begin_.time_since_epoch();
    return Stamp{begin + Micros(std::llround(*number * 3.6e9)), !utc_};
  }
  const double seconds = form_ == Form::kSeconds ? *number : *number / 1000;
  if (seconds < kLeastSeconds || seconds > kMostSeconds) return {};
  return Stamp{Micros(std::llround(seconds * 1e6)), false};
}

}  // namespace joulery::series
