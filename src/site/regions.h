// site: the shipped table of carbon intensities (data/regions.csv).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "joulery/result.h"
#include "joulery/site.h"

namespace joulery {

/// One row of the table: an annual figure of a grid, or of a cloud region.
struct Region {
  std::string id;  ///< ISO 3166 code, "egrid:" and a subregion, or a cloud and its region
  std::vector<std::string> aliases;
  std::string name;
  std::string group;  ///< as of SiteEntry
  double grams_per_kwh = 0;
  double u_grams_per_kwh = 0;  ///< k = 1
  int year = 0;
  std::string kind;
  std::string basis;
  std::string grid;  ///< of a cloud region: the row whose figure this is, where it is one's
  std::optional<double> pue;
  double u_pue = 0;
  std::string pue_source;
  std::string source;
};

/// Parses a table like data/regions.csv. Errors: kInvalid, naming `file`, line and column.
Result<std::vector<Region>> parse_regions(std::string_view csv, const std::string& file);

/// The table that is built in.
Result<std::vector<Region>> load_regions();

SiteEntry entry_of(const Region& region);

}  // namespace joulery
