// report: the "joulery/run/1" document as a part of a larger one.
#pragma once

#include "base/json_writer.h"
#include "joulery/account.h"

namespace joulery {

/// The whole object, braces included.
void put_account(JsonWriter& json, const Account& account);

}  // namespace joulery
