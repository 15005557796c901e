// slurm: time limits, see time_limit.h.
#include "slurm/time_limit.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "base/text.h"
#include "base/utf8.h"

namespace joulery {
namespace {

constexpr double kSecondsPerMinute = 60, kSecondsPerDay = 86400;
// Of seconds, minutes, hours: a colon more makes the first number of a larger unit.
constexpr std::array<double, 3> kUnits = {1, kSecondsPerMinute, kSecondsPerHour};

/// Numbers between colons, the first in `kUnits[first]`.
std::optional<double> seconds_of(std::string_view text, std::size_t first) {
  const auto parts = split(text, ':');
  if (parts.size() > first + 1) return std::nullopt;
  double seconds = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto number = parse_integer(parts[i]);
    if (!number || *number < 0 || parts[i][0] == '+') return std::nullopt;
    seconds += static_cast<double>(*number) * kUnits[first - i];
  }
  return seconds;
}

std::optional<double> read(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) {
    const bool has_hours = split(text, ':').size() == 3;
    return seconds_of(text, has_hours ? 2 : 1);
  }
  const auto days = seconds_of(text.substr(0, dash), 0);
  const auto rest = seconds_of(text.substr(dash + 1), 2);
  if (!days || !rest) return std::nullopt;
  return *days * kSecondsPerDay + *rest;
}

}  // namespace

Result<std::optional<Seconds>> parse_time_limit(std::string_view text, std::string_view from) {
  const std::string word = lower(text);
  if (word == "unlimited" || word == "infinite" || word == "-1") return std::optional<Seconds>();
  const auto seconds = read(text);
  if (!seconds)
    return Error{ErrorCode::kUsage,
                 fmt::format("{}: \"{}\" is no time limit of Slurm, for example 12:00:00", from,
                             printable(text))};
  if (*seconds == 0) return std::optional<Seconds>();
  return std::optional(Seconds(std::ceil(*seconds / kSecondsPerMinute) * kSecondsPerMinute));
}

}  // namespace joulery
