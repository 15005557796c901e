// site: the shipped table of data centres with a published PUE (data/datacentres.csv).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "joulery/result.h"
#include "joulery/site.h"

namespace joulery {

/// Parses a table like data/datacentres.csv. Errors: kInvalid, naming `file`, line and column.
Result<std::vector<SiteEntry>> parse_datacentres(std::string_view csv, const std::string& file);

/// The table that is built in.
Result<std::vector<SiteEntry>> load_datacentres();

}  // namespace joulery
