// series: JSON of the live source, see live_json.h. The only file here that includes nlohmann.
#include "series/live_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "series/units.h"

namespace joulery::series {
namespace {

using Json = nlohmann::json;

constexpr int kMostDepth = 8;                // an answer has 3
constexpr std::size_t kMostItems = 100'000;  // a year in steps of five minutes, about

/// Empty where it is no JSON, or nested deeper than any answer.
std::optional<Json> parsed(const std::string& text) {
  bool too_deep = false;
  const auto watch = [&](int depth, Json::parse_event_t, const Json&) {
    too_deep = too_deep || depth > kMostDepth;
    return !too_deep;
  };
  Json json = Json::parse(text, watch, false);
  if (too_deep || json.is_discarded()) return {};
  return json;
}

const Json* member(const Json& json, const std::string& name) {
  if (!json.is_object()) return nullptr;
  const auto found = json.find(name);
  return found == json.end() ? nullptr : &*found;
}

/// {"datetime": "2026-11-25T15:00:00.000Z", "carbonIntensity": 322, ...}, g CO2e/kWh.
std::optional<Reading> reading_of(const Json& item, std::size_t number) {
  const Json* const datetime = member(item, "datetime");
  const Json* const grams = member(item, "carbonIntensity");
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
  const Json* const estimated = member(item, "isEstimated");
  return estimated != nullptr && estimated->is_boolean() && estimated->get<bool>();
}

}  // namespace

Result<Table> parse_live(const std::string& json, const std::string& list, const std::string& zone,
                         const std::string& place) {
  const auto root = parsed(json);
  const Json* const items = root ? member(*root, list) : nullptr;
  if (items == nullptr || !items->is_array() || items->empty() || items->size() > kMostItems)
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}: the answer is no JSON with a list '{}'", place, list)};
  const Json* const told = member(*root, "zone");
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
