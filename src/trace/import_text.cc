// trace: stamps, numbers with units and headings of other tools' logs, see import_text.h.
#include "trace/import_text.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"
#include "trace/import_gpu.h"

namespace joulery {
namespace {

struct Unit {
  Measure measure;
  std::string_view name;
  double factor;
};
constexpr std::array kUnits = {
    Unit{Measure::kPower, "W", 1},
    Unit{Measure::kPower, "mW", 1e-3},
    Unit{Measure::kPower, "kW", 1e3},
    Unit{Measure::kPowerLimit, "W", 1},
    Unit{Measure::kPowerLimit, "mW", 1e-3},
    Unit{Measure::kEnergy, "J", 1},
    Unit{Measure::kEnergy, "mJ", 1e-3},
    Unit{Measure::kEnergy, "kJ", 1e3},
    Unit{Measure::kEnergy, "Wh", 3.6e3},
    Unit{Measure::kEnergy, "kWh", kJoulesPerKilowattHour},
    Unit{Measure::kUtilization, "%", 1},
    Unit{Measure::kMemoryUsed, "B", 1},
    Unit{Measure::kMemoryUsed, "MiB", kMebibyte},
    Unit{Measure::kTemperature, "C", 1},
    Unit{Measure::kTemperature, "Cel", 1},
    Unit{Measure::kClock, "Hz", 1},
    Unit{Measure::kClock, "MHz", 1e6},
    Unit{Measure::kThroughput, "B/s", 1},
    Unit{Measure::kThrottleTime, "s", 1},
    Unit{Measure::kCpuTime, "s", 1},
    Unit{Measure::kCount, "1", 1},
};

// What nvidia-smi and dcgmi print instead of a value; any other text in brackets is one of them
// too.
constexpr std::array<std::string_view, 9> kMissing = {
    "[N/A]",
    "N/A",
    "[Not Supported]",
    "[Unknown Error]",
    "[GPU is lost]",
    "[Insufficient Permissions]",
    "[Not Found]",
    "[GPU requires reset]",
    "[Requested functionality has been deprecated]"};

std::optional<std::string_view> missing_word(std::string_view text) {
  const auto* known = std::find(kMissing.begin(), kMissing.end(), text);
  if (known != kMissing.end()) return *known;
  if (text.starts_with('[') && text.ends_with(']')) return "[...]";
  return {};
}

// A reading that no device gives. No node draws 1 GW, and a counter of 1e18 J never was.
bool impossible(Measure measure, double value) {
  switch (measure) {
    case Measure::kPower:
    case Measure::kPowerLimit:
      return value < 0 || value > 1e9;
    case Measure::kTemperature:
      return value < -273.15 || value > 1e4;
    default:
      return value < 0 || value > 1e18;
  }
}

// A count since 1970: seconds until the year 2286, then a thousand times more for each finer unit.
std::optional<WallTime> parse_epoch(std::string_view text) {
  const auto count = parse_number(text);
  if (!count || *count < 0) return {};
  double us_per_count = 1e6;
  for (double limit = 1e10; *count >= limit && us_per_count > 1e-4; limit *= 1e3)
    us_per_count *= 1e-3;
  const double us = *count * us_per_count;
  if (us > 1e16) return {};  // the year 2286: the caller's range is narrower
  return WallTime(Micros(std::llround(us)));
}

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The same stamp with its date as parse_time wants it: "YYYY-MM-DD".
std::string iso_date_first(std::string_view text) {
  std::string iso(text);
  if (text.size() < 10) return iso;
  if ((text[2] == '-' || text[2] == '/') && all_digits(text.substr(6, 4)))
    iso = std::string(text.substr(6, 4)) + '-' + std::string(text.substr(0, 2)) + '-' +
          std::string(text.substr(3, 2)) + std::string(text.substr(10));
  iso[4] = iso[4] == '/' ? '-' : iso[4];
  iso[7] = iso[7] == '/' ? '-' : iso[7];
  return iso;
}

}  // namespace

std::optional<WallTime> parse_stamp(std::string_view text,
                                    std::optional<std::chrono::minutes> offset) {
  using std::chrono::sys_days;
  using std::chrono::year;
  constexpr sys_days kFirst = year(1990) / 1 / 1;
  constexpr sys_days kLast = year(2100) / 1 / 1;
  text = trim(text);
  constexpr std::size_t kLongest = 48;  // "2026-11-25T15:34:00.123456789012345+01:00" and some
  if (text.empty() || text.size() > kLongest) return {};
  const bool number = text.find_first_not_of("0123456789.") == std::string_view::npos;
  const auto time = number ? parse_epoch(text) : parse_time(iso_date_first(text), offset);
  if (!time || *time < kFirst || *time >= kLast) return {};
  return time;
}

std::optional<double> unit_factor(Measure measure, std::string_view unit) {
  for (const Unit& known : kUnits)
    if (known.measure == measure && known.name == unit) return known.factor;
  return {};
}

Field parse_field(std::string_view text, Measure measure, double factor) {
  text = trim(text);
  if (const auto word = missing_word(text)) return {Field::Kind::kMissing, 0, *word};
  const std::size_t blank = text.find(' ');
  if (blank != std::string_view::npos) {
    const auto own = unit_factor(measure, trim(text.substr(blank)));
    if (!own) return {};
    factor = *own;
    text = text.substr(0, blank);
  }
  const auto number = parse_number(text);
  if (!number) return {};
  const double value = *number * factor;
  if (!std::isfinite(value) || impossible(measure, value)) return {Field::Kind::kImpossible, 0, {}};
  return {Field::Kind::kValue, value, {}};
}

Heading parse_heading(std::string_view text) {
  text = trim(text);
  const std::size_t bracket = text.find('[');
  Heading heading{lower(trim(text.substr(0, bracket))), {}};
  if (bracket == std::string_view::npos) return heading;
  const std::size_t end = text.find(']', bracket);
  heading.unit = std::string(trim(text.substr(bracket + 1, end - bracket - 1)));
  return heading;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (;;) {
    const std::size_t start = text.find_first_not_of(" \t");
    if (start == std::string_view::npos) return words;
    const std::size_t end = std::min(text.find_first_of(" \t", start), text.size());
    words.push_back(text.substr(start, end - start));
    text.remove_prefix(end);
  }
}

}  // namespace joulery
