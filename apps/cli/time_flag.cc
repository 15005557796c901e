// joulery: times in flags, see time_flag.h.
#include "time_flag.h"

#include <fmt/format.h>

#include "base/errors.h"
#include "base/text.h"

namespace joulery::cli {
namespace {

/// With all that RFC 3339 demands, but for the zone.
std::string completed_time(std::string text) {
  constexpr std::size_t kDate = 10;
  constexpr std::size_t kMinutes = 16;
  if (text.size() == kDate) return text + "T00:00:00";
  if (text.size() >= kMinutes && (text.size() == kMinutes || text[kMinutes] != ':'))
    text.insert(kMinutes, ":00");
  return text;
}

}  // namespace

Result<Seconds> duration_flag(const Args& args, const char* flag) {
  if (!args.has(flag)) return Seconds(0);
  return parse_duration(args.get(flag), flag);
}

Result<WallTime> time_flag(const Args& args, const char* flag, const TimeZone& zone) {
  const std::string text = completed_time(args.get(flag));
  const auto time = parse_time(text);
  if (!time)
    return usage(fmt::format("{}: '{}' is no time; for example {} 2026-11-26T08:00Z", flag,
                             args.get(flag), flag));
  if (text.find_first_of("Zz+-", text.find(':')) != std::string::npos) return *time;
  const auto there = zone.from_local(std::chrono::local_time<Micros>(time->time_since_epoch()));
  if (there) return *there;
  return usage(fmt::format("{}: the clock of {} never shows {}", flag, zone.name(), text));
}

}  // namespace joulery::cli
