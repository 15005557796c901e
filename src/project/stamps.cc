// project: times and energies of job logs, see stamps.h.
#include "project/stamps.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>

#include "base/text.h"

namespace joulery::project {
namespace {

constexpr std::int64_t kMicros = 1'000'000;
// What a calendar stamp may be: nobody keeps older logs, and a wrong digit is no job of a century.
constexpr double kYear1990 = 631152000;
constexpr double kYear2100 = 4102444800;
// A log's own clock counts from its begin: a century of seconds.
constexpr double kLongestOwn = 3.16e9;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<int> two_digits(std::string_view text, std::size_t at) {
  if (!is_digit(text[at]) || !is_digit(text[at + 1])) return {};
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

/// "2026-11-25T15:34:00" and nothing behind it: what sacct writes. -1: not of this form.
std::int64_t second_of_day(std::string_view text) {
  if (text.size() != 19 || (text[10] != 'T' && text[10] != ' ') || text[13] != ':' ||
      text[16] != ':')
    return -1;
  const auto h = two_digits(text, 11);
  const auto m = two_digits(text, 14);
  const auto s = two_digits(text, 17);
  if (!h || !m || !s || *h > 23 || *m > 59 || *s > 60) return -1;
  return *h * 3600 + *m * 60 + *s;
}

Stamp from_number(double seconds) {
  for (int i = 0; i < 3 && std::abs(seconds) > kYear2100; ++i) seconds /= 1000;
  const bool calendar = seconds >= kYear1990 && seconds < kYear2100;
  if (!calendar && (seconds < 0 || seconds > kLongestOwn)) return {Stamp::Kind::kGarbled, false, 0};
  return {Stamp::Kind::kTime, calendar, std::llround(seconds * 1e6)};
}

Stamp from_calendar(std::int64_t us) {
  const bool possible = us >= 0 && us < static_cast<std::int64_t>(kYear2100) * kMicros;
  return {possible ? Stamp::Kind::kTime : Stamp::Kind::kGarbled, true, us};
}

}  // namespace

bool says_nothing(std::string_view text) {
  constexpr std::array kWords = {"unknown", "none",     "n/a", "null",
                                 "-",       "none set", "nan", "invalid"};
  if (text.empty()) return true;
  if (text.size() > 8 || is_digit(text[0])) return false;
  const std::string word = lower(text);
  for (const char* known : kWords)
    if (word == known) return true;
  return false;
}

std::optional<std::int64_t> StampReader::seconds_of_day(std::string_view date) {
  if (std::memcmp(date_, date.data(), sizeof date_) == 0) return day_s_;
  const auto midnight = parse_time(std::string(date) + "T00:00:00");
  if (!midnight) return {};
  std::memcpy(date_, date.data(), sizeof date_);
  day_s_ = midnight->time_since_epoch().count() / kMicros;
  return day_s_;
}

Stamp StampReader::read(std::string_view text) {
  text = trim(text);
  if (says_nothing(text)) return {};
  if (const std::int64_t second = second_of_day(text); second >= 0) {
    const auto day = seconds_of_day(text.substr(0, 10));
    if (!day) return {Stamp::Kind::kGarbled, false, 0};
    return from_calendar((*day + second) * kMicros);
  }
  if (const auto number = parse_number(text)) return from_number(*number);
  const auto time = parse_time(text);
  if (!time) return {Stamp::Kind::kGarbled, false, 0};
  return from_calendar(time->time_since_epoch().count());
}

std::optional<Micros> parse_elapsed(std::string_view text, double unit) {
  text = trim(text);
  constexpr double kMost = 3.16e9;  // a century, s
  if (const auto number = parse_number(text)) {
    if (std::abs(*number * unit) > kMost) return {};
    return Micros(std::llround(*number * unit * 1e6));
  }
  double total = 0;
  const std::size_t dash = text.find('-', 1);
  if (dash != std::string_view::npos) {
    const auto days = parse_integer(text.substr(0, dash));
    if (!days || *days < 0) return {};
    total = static_cast<double>(*days);
    text.remove_prefix(dash + 1);
  }
  int parts = 0;
  for (; parts < 3 && !text.empty(); ++parts) {
    const std::size_t end = std::min(text.find(':'), text.size());
    const auto part = parse_number(text.substr(0, end));
    if (!part || *part < 0) return {};
    total = total * (parts == 0 && dash != std::string_view::npos ? 24 : 60) + *part;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  const bool whole = text.empty() && parts >= 2 && (dash == std::string_view::npos || parts == 3);
  if (!whole || total > kMost) return {};
  return Micros(std::llround(total * 1e6));
}

std::optional<double> parse_consumed_energy(std::string_view text) {
  text = trim(text);
  double value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || !std::isfinite(value) || value <= 0) return {};
  const std::string_view unit(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
  const std::size_t power = std::string_view("KMGTP").find(unit.empty() ? ' ' : unit[0]);
  if (unit.size() > 1 || (!unit.empty() && power == std::string_view::npos)) return {};
  if (!unit.empty()) value *= std::pow(1000.0, static_cast<double>(power + 1));
  // 2^64 - 2 is Slurm's NO_VAL64; no job ever used a ten-thousandth of it.
  constexpr double kMost = 1e15;
  return value < kMost ? std::optional(value) : std::nullopt;
}

}  // namespace joulery::project
