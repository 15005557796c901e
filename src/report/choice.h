// report: a choice among power caps, as `recommend` and `sweep` show it.
#pragma once

#include <iosfwd>
#include <string>

#include "base/json_writer.h"
#include "joulery/policy.h"

namespace joulery {

/// "energy", "edp", "cost": as --objective has it.
const char* objective_name(Objective objective);

/// "+8.2 %"; with its uncertainty, k = 2: "+8.2 ± 1.1 %", or where that is large with both ends,
/// "-30 % (-62 to +29)". "-" where there is none.
std::string signed_percent(const std::optional<Change>& change);
/// The same relative to the baseline: "102.1 ± 0.4 %".
std::string relative_percent(const std::optional<Change>& change);
/// The same in words: "8.2 ± 1.1 % more time".
std::string more_or_less(const Change& change, const char* more, const char* less);

/// "objective" and "max_slowdown_pct".
void put_rules(JsonWriter& json, const ChoiceRules& rules);
/// "baseline", "recommended", "points", "cap_inert", "notes", inside an object. What only a sweep
/// knows (uncertainties, throttling, runs) is there where the points have it.
void put_choice(JsonWriter& json, const CapChoice& choice);

/// The points as a table.
void write_choice_table(const CapChoice& choice, std::ostream& out);
/// Relative time and energy as bars, the form of plot_caps() for a terminal.
void write_choice_bars(const CapChoice& choice, std::ostream& out);
/// One sentence: which cap, and what it changes.
std::string choice_sentence(const CapChoice& choice, const ChoiceRules& rules);

}  // namespace joulery
