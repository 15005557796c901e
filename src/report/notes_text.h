// report: the last part of an account as text: what a reader has to know about its numbers.
#pragma once

#include <iosfwd>

#include "joulery/account.h"
#include "report/number.h"

namespace joulery {

void write_notes(const Account& account, Scale energy, std::ostream& out);

}  // namespace joulery
