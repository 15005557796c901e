// report: a choice among power caps for people: a table, bars, one sentence.
#pragma once

#include <iosfwd>
#include <string>

#include "joulery/policy.h"

namespace joulery {

/// "+2.1 ± 0.4 %" (k = 2), "-" where it could not be compared.
std::string change_text(const std::optional<Change>& change);
/// The same relative to the baseline: "102.1 ± 0.4 %".
std::string relative_text(const std::optional<Change>& change);

/// One row a cap, by rising cap.
void write_choice_table(const CapChoice& choice, std::ostream& out);
/// Relative time and energy of each cap as bars, the form of Figure 1 of arXiv 2205.09646.
void write_choice_bars(const CapChoice& choice, std::ostream& out);
/// "recommended: 150 W: time +2.1 %, energy -12.3 %".
std::string recommendation_text(const CapChoice& choice);

}  // namespace joulery
