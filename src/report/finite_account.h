// report: an account in which every number that is not finite has become missing.
#pragma once

#include "joulery/account.h"

namespace joulery {

/// NaN and infinity are bugs of a computation; here they are made visible as missing values, so
/// that no text shows them.
Account finite(Account account);

}  // namespace joulery
