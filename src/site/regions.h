// site: the shipped table of carbon intensities (data/regions.csv).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "joulery/result.h"
#include "joulery/site.h"

namespace joulery {

/// One row of the table: an annual average.
struct Region {
  std::string id;     ///< ISO 3166 alpha-3, or "gcp:" and a cloud region
  std::string alias;  ///< ISO 3166 alpha-2, or the cloud region alone
  std::string name;
  double grams_per_kwh = 0;
  double u_grams_per_kwh = 0;  ///< k = 1
  int year = 0;
  std::string kind;
  std::string source;
};

/// Parses a table like data/regions.csv. Errors: kInvalid, naming `file` and the line.
Result<std::vector<Region>> parse_regions(std::string_view csv, std::string_view file);

/// The table that is built in.
const std::vector<Region>& shipped_regions();

/// The row of that id, alias or name, whatever the case of its letters. Errors: kInvalid, offering
/// the nearest names.
Result<Factor<GramsPerJoule>> region_intensity(std::string_view wanted);

}  // namespace joulery
