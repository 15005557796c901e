// report: the components of an account as a table, and what is to be said about single ones.
#pragma once

#include <iosfwd>

#include "joulery/account.h"
#include "report/number.h"

namespace joulery {

/// `energy`: the unit of all energies of the report.
void write_components(const Account& account, Scale energy, std::ostream& out);
/// Flags, shares and cross checks, one paragraph each.
void write_component_notes(const Account& account, Scale energy, std::ostream& out);

}  // namespace joulery
