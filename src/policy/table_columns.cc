// policy: headings of tables of caps, see table_columns.h and docs/formats/recommend.md.
#include "policy/table_columns.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/utf8.h"
#include "joulery/units.h"

namespace joulery {
namespace {

struct Unit {
  std::string_view suffix;
  double factor;  // 0: could be two units
};
// A longer one stands before those that it ends with.
constexpr std::array kTimeUnits = {Unit{"_ms", 1e-3},
                                   Unit{"_msec", 1e-3},
                                   Unit{"_milliseconds", 1e-3},
                                   Unit{"_us", 1e-6},
                                   Unit{"_microseconds", 1e-6},
                                   Unit{"_ns", 1e-9},
                                   Unit{"_nanoseconds", 1e-9},
                                   Unit{"_mins", 60},
                                   Unit{"_minutes", 60},
                                   Unit{"_h", 3600},
                                   Unit{"_hr", 3600},
                                   Unit{"_hrs", 3600},
                                   Unit{"_hours", 3600},
                                   Unit{"_days", 86400},
                                   Unit{"_min", 0},
                                   Unit{"_m", 0},
                                   Unit{"_minute", 0},
                                   Unit{"_hour", 0},
                                   Unit{"_day", 0}};
constexpr double kWattHour = kJoulesPerKilowattHour / 1000;
constexpr std::array kEnergyUnits = {Unit{"_kj", 1e3},
                                     Unit{"_kilojoules", 1e3},
                                     Unit{"_megajoules", 1e6},
                                     Unit{"_millijoules", 1e-3},
                                     Unit{"_kwh", kJoulesPerKilowattHour},
                                     Unit{"_kilowatt_hours", kJoulesPerKilowattHour},
                                     Unit{"_megawatt_hours", 1000 * kJoulesPerKilowattHour},
                                     Unit{"_wh", kWattHour},
                                     Unit{"_watt_hours", kWattHour},
                                     Unit{"_mj", 0},
                                     Unit{"_mwh", 0},
                                     Unit{"_hours", 0}};

// Columns that count or stamp rows: the same job has many.
constexpr std::array<std::string_view, 7> kRowNames = {"",      "run",   "run_id",     "repeat",
                                                       "trial", "index", "window_name"};
constexpr std::array<std::string_view, 5> kStampBegins = {"start", "end", "begin", "timestamp",
                                                          "date"};
// What is measured beside time and energy, and so tells no jobs apart.
constexpr std::array<std::string_view, 6> kMeasured = {"power",       "energy", "throughput",
                                                       "temperature", "clock",  "util"};

template <class List>
bool is_any(const List& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool is_time(std::string_view name) {
  return name == "duration_s" || name == "elapsed_time" ||
         (name.starts_with("time") && !name.starts_with("timestamp"));
}
bool is_cap(std::string_view name) { return name == "power_limit" || name == "cap_w"; }
bool is_power(std::string_view name) { return name == "average_power" || name == "power_w"; }
bool is_energy(std::string_view name) { return name.starts_with("energy"); }

/// "gpu0_energy": of one device each, as Zeus writes its windows.
bool is_device_energy(std::string_view name) {
  if (!name.starts_with("gpu") || !name.ends_with("_energy")) return false;
  const std::string_view number = name.substr(3, name.size() - 3 - 7);
  return !number.empty() && number.find_first_not_of("0123456789") == std::string_view::npos;
}

bool tells_jobs_apart(std::string_view name) {
  if (is_time(name) || is_cap(name) || is_any(kRowNames, name)) return false;
  const auto begins = [name](std::string_view stamp) { return name.starts_with(stamp); };
  const auto holds = [name](std::string_view word) {
    return name.find(word) != std::string_view::npos;
  };
  return std::none_of(kStampBegins.begin(), kStampBegins.end(), begins) &&
         std::none_of(kMeasured.begin(), kMeasured.end(), holds);
}

/// The first of `names`, cut, for a message.
std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t kMostNamed = 10;
  constexpr std::size_t kColumns = 40;
  std::vector<std::string> some;
  for (const std::string& name : names)
    if (some.size() < kMostNamed) some.push_back(shortened(name, kColumns));
  return fmt::format("{}{}", fmt::join(some, ", "), names.size() > kMostNamed ? ", .." : "");
}

/// Reads one heading.
class Heading {
 public:
  Heading(const std::vector<std::string>& names, const std::string& place) : place_(place) {
    for (const std::string& name : names) lower_.push_back(lower(name));
  }

  [[nodiscard]] std::vector<std::size_t> all(bool (*matches)(std::string_view)) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < lower_.size(); ++i)
      if (matches(lower_[i])) found.push_back(i);
    return found;
  }

  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const {
    const auto at = std::find(lower_.begin(), lower_.end(), name);
    if (at == lower_.end()) return std::nullopt;
    return static_cast<std::size_t>(at - lower_.begin());
  }

  /// The only one that matches, if there is any.
  [[nodiscard]] Result<std::optional<TableColumn>> only(bool (*matches)(std::string_view),
                                                        const char* what) const {
    const auto found = all(matches);
    if (found.empty()) return std::optional<TableColumn>();
    if (found.size() == 1) return std::optional(TableColumn{found[0], 1});
    std::vector<std::string> names;
    for (const std::size_t i : found) names.push_back(lower_[i]);
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}: several columns could be the {}: {}; rename all but one", place_,
                             what, some_of(names))};
  }

  template <class Units>
  Result<TableColumn> with_unit(TableColumn column, const Units& units) const {
    const std::string& name = lower_[column.index];
    for (const Unit& unit : units) {
      if (!name.ends_with(unit.suffix)) continue;
      if (unit.factor == 0)
        return Error{ErrorCode::kInvalid,
                     fmt::format("{}: column {}: could be two units; give s or J and name it so",
                                 place_, some_of({name}))};
      column.factor = unit.factor;
      break;
    }
    return column;
  }

  [[nodiscard]] Error lacks(const char* what) const {
    return {ErrorCode::kInvalid, fmt::format("{}: the heading lacks {}", place_, what)};
  }

  [[nodiscard]] std::vector<std::size_t> default_keys() const { return all(tells_jobs_apart); }

  [[nodiscard]] Result<std::vector<std::size_t>> keys(const std::vector<std::string>& by) const {
    std::vector<std::size_t> keys;
    for (const std::string& name : by) {
      const auto at = find(lower(trim(name)));
      if (!at)
        return Error{ErrorCode::kUsage, fmt::format("--by: {} has no column \"{}\"; it has {}",
                                                    place_, some_of({name}), some_of(lower_))};
      keys.push_back(*at);
    }
    return keys;
  }

 private:
  std::vector<std::string> lower_;
  const std::string& place_;
};

Result<void> find_cap(const Heading& heading, TableColumns& columns) {
  JOULERY_TRY(columns.cap, heading.only(is_cap, "cap"));
  if (columns.cap) return {};
  columns.window = heading.find("window_name");
  if (!columns.window) return heading.lacks("power_limit or cap_w");
  return {};
}

Result<void> find_time(const Heading& heading, TableColumns& columns) {
  JOULERY_TRY(const auto time, heading.only(is_time, "time"));
  if (!time) return heading.lacks("time* or duration_s");
  JOULERY_TRY(columns.time, heading.with_unit(*time, kTimeUnits));
  return {};
}

Result<void> find_energy(const Heading& heading, TableColumns& columns) {
  JOULERY_TRY(const auto energy, heading.only(is_energy, "energy"));
  JOULERY_TRY(columns.power, heading.only(is_power, "power"));
  if (energy) {
    JOULERY_TRY(const TableColumn scaled, heading.with_unit(*energy, kEnergyUnits));
    columns.energies = {scaled};
    return {};
  }
  for (const std::size_t i : heading.all(is_device_energy)) columns.energies.push_back({i, 1});
  columns.devices = std::max(1, static_cast<int>(columns.energies.size()));
  if (columns.energies.empty() && !columns.power)
    return heading.lacks("average_power, power_w or energy*");
  return {};
}

}  // namespace

Result<TableColumns> find_table_columns(std::vector<std::string> names,
                                        const std::vector<std::string>& by,
                                        const std::string& place) {
  const Heading heading(names, place);
  TableColumns columns;
  JOULERY_CHECK(find_cap(heading, columns));
  JOULERY_CHECK(find_time(heading, columns));
  JOULERY_CHECK(find_energy(heading, columns));
  columns.keys = heading.default_keys();
  if (!by.empty()) {
    JOULERY_TRY(columns.keys, heading.keys(by));
  }
  columns.names = std::move(names);
  return columns;
}

}  // namespace joulery
