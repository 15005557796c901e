// series: the answer of Electricity Maps as rows.
#pragma once

#include <string>

#include "joulery/result.h"
#include "series/table.h"

namespace joulery::series {

/// The array `list` ("history" or "forecast") of an answer for `zone`; `place` is named in errors
/// and never what the answer says. Errors: kInvalid for anything else.
Result<Table> parse_live(const std::string& json, const std::string& list, const std::string& zone,
                         const std::string& place);

}  // namespace joulery::series
