// report: a choice among power caps, as the groups of "joulery/recommend/1" and "joulery/sweep/1".
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/json_writer.h"
#include "joulery/policy.h"

namespace joulery {

/// "objective" and "max_slowdown_pct".
void put_rules(JsonWriter& json, const ChoiceRules& rules);

/// Of a sweep there is more to say than of a table: uncertainties, throttling, runs.
enum class ChoiceOf : std::uint8_t { kTable, kSweep };
/// "key": {…}, "baseline": {…}, "recommended": {…}, "points": […], "cap_inert"; the notes are the
/// caller's.
void put_choice(JsonWriter& json, const std::vector<std::pair<std::string, std::string>>& key,
                const CapChoice& choice, ChoiceOf of);

}  // namespace joulery
