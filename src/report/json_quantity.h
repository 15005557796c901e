// report: the quantity object of every document: value, unit, u, class, coverage, top; or null and
// why.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "joulery/units.h"
#include "report/number.h"

namespace joulery {

/// The members alone, for an object that the caller has begun and may add to.
void put_quantity_members(JsonWriter& json, const Estimate<double>& number, std::string_view unit);
/// "name": {…}, on one line.
void put_quantity(JsonWriter& json, std::string_view name, const Estimate<double>& number,
                  std::string_view unit);

/// What may be missing, for JsonWriter::member(), which writes null then.
inline std::optional<double> watts(const std::optional<Watts>& power) {
  return power ? std::optional(power->count()) : std::nullopt;
}
inline std::optional<std::string> text_or_null(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace joulery
