// series: JSON of the live source, see live_json.h. The only file here that includes nlohmann.
#include "series/live_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/json_read.h"
#include "base/text.h"
#include "series/units.h"

namespace joulery::series {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostItems = 100'000;  // a year in steps of five minutes, about
// An answer is 3 deep, and an item has some ten values.
constexpr JsonBounds kBounds{.depth = 8, .values = 20 * kMostItems};

/// {"datetime": "2026-11-25T15:00:00.000Z", "carbonIntensity": 322, ...}, g CO2e/kWh.
std::optional<Reading> reading_of(const Json& item, std::size_t number) {
  const Json* const datetime = find_member(item, "datetime");
  const Json* const grams = find_member(item, "carbonIntensity");
  if (datetime == nullptr || !datetime->is_string() || grams == nullptr) return {};
  const auto time = parse_time(datetime->get_ref<const std::string&>());
  if (!time) return {};
  Reading reading;
  reading.stamp.count = time->time_since_epoch();
  reading.line = number;
  if (grams->is_null()) return reading;
  if (!grams->is_number()) return {};
  const auto value = grams->get<double>();
  if (!(value >= 0 && value <= kMostGrams)) return {};
  reading.value = value / kJoulesPerKilowattHour;
  return reading;
}

bool is_estimated(const Json& item) {
  const Json* const estimated = find_member(item, "isEstimated");
  return estimated != nullptr && estimated->is_boolean() && estimated->get<bool>();
}

}  // namespace

Result<Table> parse_live(const std::string& json, const std::string& list, const std::string& zone,
                         const std::string& place) {
  const auto root = parse_json(json, kBounds);
  const Json* const items = root ? find_member(*root, list) : nullptr;
  if (items == nullptr || !items->is_array() || items->empty() || items->size() > kMostItems)
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}: the answer is no JSON with a list '{}'", place, list)};
  const Json* const told = find_member(*root, "zone");
  if (told == nullptr || !told->is_string() || told->get_ref<const std::string&>() != zone)
    return Error{ErrorCode::kInvalid, fmt::format("{}: the answer is not for {}", place, zone)};
  Table table;
  table.column = zone;
  table.kind = "average";
  std::size_t estimated = 0;
  for (const Json& item : *items) {
    const auto reading = reading_of(item, table.readings.size() + 1);
    if (!reading)
      return Error{ErrorCode::kInvalid,
                   fmt::format("{}: '{}' has an item {} that is no intensity at a time", place,
                               list, table.readings.size() + 1)};
    estimated += static_cast<std::size_t>(is_estimated(item));
    table.readings.push_back(*reading);
  }
  if (estimated > 0)
    table.notes.push_back(fmt::format("{} of {} values were estimated by the source", estimated,
                                      table.readings.size()));
  return table;
}

}  // namespace joulery::series
