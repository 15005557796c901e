// factors: the shipped table of accelerators as parsed, without the user's configuration.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "joulery/factors.h"

namespace joulery {

/// A table like data/accelerators.csv. Errors: kInvalid, naming `file`, line and column; two rows
/// of one name are one.
Result<std::vector<Accelerator>> parse_accelerators(std::string_view csv, const std::string& file);

/// A table like data/accelerator_prices.csv, added to the rows it names. Errors: kInvalid, as
/// above, and where a row is named that is not there.
Result<void> add_prices(std::string_view csv, const std::string& file,
                        std::vector<Accelerator>& rows);

}  // namespace joulery
