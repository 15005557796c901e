// series: time zones by their IANA names, from the system's own rules; see joulery/series.h.
#include <absl/time/time.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>

#include "base/file.h"
#include "base/text.h"
#include "joulery/series.h"

namespace joulery {
namespace {

const absl::TimeZone& rules_of(const void* rules) {
  return *static_cast<const absl::TimeZone*>(rules);
}

/// Letters of the names of the IANA database. Others could leave the directory of the rules.
bool is_zone_name(std::string_view name) {
  return !name.empty() && name.size() < 64 && name.front() != '/' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '/' || c == '_' || c == '-' || c == '+';
         });
}

/// Loaded once a name and kept, so that a TimeZone is two words.
const absl::TimeZone* load_rules(const std::string& name) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<absl::TimeZone>> loaded;
  const std::lock_guard<std::mutex> lock(mutex);
  const auto found = loaded.find(name);
  if (found != loaded.end()) return found->second.get();
  absl::TimeZone zone;
  if (!is_zone_name(name) || !absl::LoadTimeZone(name, &zone)) return nullptr;
  return loaded.emplace(name, std::make_unique<absl::TimeZone>(zone)).first->second.get();
}

/// Of the text form of the rules, where "Z NAME ..." is a zone and "L ZONE NAME" another name.
std::vector<std::string> known_zones() {
  std::vector<std::string> names;
  const auto text = load_file("/usr/share/zoneinfo/tzdata.zi", 1 << 20);
  if (!text) return names;
  for (const std::string_view line : split(*text, '\n')) {
    const auto words = split(line, ' ');
    if (words.size() > 1 && words[0] == "Z") names.emplace_back(words[1]);
    if (words.size() > 2 && words[0] == "L") names.emplace_back(words[2]);
  }
  return names;
}

Error unknown_zone(std::string_view name, std::string_view flag) {
  const std::vector<std::string> names = known_zones();
  std::string message =
      fmt::format("{}: there is no time zone '{}'; for example {} Europe/Berlin", flag, name, flag);
  if (names.empty()) return {ErrorCode::kUsage, message + " (the package tzdata is not installed)"};
  const std::vector<std::string> near = nearest_names(name, names);
  if (!near.empty()) message += fmt::format("; did you mean {}?", fmt::join(near, ", "));
  return {ErrorCode::kUsage, message};
}

absl::CivilSecond civil_of(std::chrono::local_time<Micros> local) {
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date(day);
  const auto second = std::chrono::floor<std::chrono::seconds>(local - day).count();
  return absl::CivilSecond(static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                           static_cast<unsigned>(date.day()), 0, 0, second);
}

}  // namespace

Result<TimeZone> TimeZone::named(std::string_view name, std::string_view flag) {
  TimeZone zone;
  if (name.empty() || name == "UTC" || name == "Z") return zone;
  zone.name_ = name;
  if (name.front() == '+' || name.front() == '-') {
    JOULERY_TRY(zone.fixed_, parse_utc_offset(name, flag));
    return zone;
  }
  zone.rules_ = load_rules(zone.name_);
  if (zone.rules_ == nullptr) return unknown_zone(name, flag);
  return zone;
}

std::chrono::seconds TimeZone::offset_at(WallTime time) const {
  if (rules_ == nullptr) return fixed_;
  return std::chrono::seconds(rules_of(rules_).At(absl::FromChrono(time)).offset);
}

std::optional<WallTime> TimeZone::from_local(std::chrono::local_time<Micros> local,
                                             bool second) const {
  if (rules_ == nullptr) return WallTime(local.time_since_epoch() - fixed_);
  const absl::TimeZone::TimeInfo info = rules_of(rules_).At(civil_of(local));
  if (info.kind == absl::TimeZone::TimeInfo::SKIPPED) return {};
  const auto fraction = local - std::chrono::floor<std::chrono::seconds>(local);
  return WallTime(std::chrono::seconds(absl::ToUnixSeconds(second ? info.post : info.pre))) +
         fraction;
}

}  // namespace joulery
