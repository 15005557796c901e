// report: a comparison that is already computed, so that its form can be tested without the
// account's arithmetic.
#pragma once

#include <iosfwd>

#include "joulery/account.h"

namespace joulery {

void write_comparison_text(const Account& a, const Account& b, const Comparison& difference,
                           std::ostream& out);
void write_comparison_json(const Account& a, const Account& b, const Comparison& difference,
                           std::ostream& out);

}  // namespace joulery
