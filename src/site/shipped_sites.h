// site: all places of the shipped tables, and the look-up by name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "joulery/result.h"
#include "joulery/site.h"
#include "site/config.h"

namespace joulery {

/// Data centres, cloud regions and grids, mixes; parsed once. Errors: kInvalid, of a table that is
/// broken.
const Result<std::vector<SiteEntry>>& shipped_sites();

/// Adds what a table like data/electricity_prices.csv says to the entries that it names. Errors:
/// kInvalid, naming `file`, line and column.
Result<void> add_electricity_prices(std::string_view csv, const std::string& file,
                                    std::vector<SiteEntry>& entries);

/// The row of that id, alias or name, whatever the case of its letters; null where there is none.
const SiteEntry* find_entry(const std::vector<SiteEntry>& entries, std::string_view wanted);
/// Ids, aliases and names of all, for "nearest".
std::vector<std::string> names_of(const std::vector<SiteEntry>& entries);

/// The intensity of a shipped place. Errors: kInvalid, offering the nearest names.
Result<Factor<GramsPerJoule>> region_intensity(std::string_view wanted);

/// What --site takes of a shipped place, as if its configuration said it: PUE and intensity, not
/// its prices.
Layer layer_of(const SiteEntry& entry);

}  // namespace joulery
