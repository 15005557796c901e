// site: mixes of energy sources (data/energy_mixes.csv), and the intensity that they make with the
// intensities of the sources (data/energy_sources.csv).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "joulery/result.h"
#include "joulery/site.h"

namespace joulery {

/// Life-cycle emissions of electricity from one source.
struct EnergySource {
  std::string id;  ///< "coal"
  std::string name;
  double grams_per_kwh = 0;
  double u_grams_per_kwh = 0;  ///< k = 1
  double low = 0, high = 0;    ///< as published, in g/kWh
  int year = 0;
  std::string source;
};

/// Parses a table like data/energy_sources.csv. Errors: kInvalid, naming `file`, line and column.
Result<std::vector<EnergySource>> parse_energy_sources(std::string_view csv,
                                                       const std::string& file);

/// Parses a table like data/energy_mixes.csv: a row a share, those of one mix together. What the
/// shares leave may be of any of the sources, and its uncertainty says so. Errors: kInvalid, as
/// above, and for a source that is unknown or doubled, or shares above 100 %.
Result<std::vector<SiteEntry>> parse_mixes(std::string_view csv, const std::string& file,
                                           const std::vector<EnergySource>& sources);

/// The tables that are built in.
Result<std::vector<EnergySource>> load_energy_sources();
Result<std::vector<SiteEntry>> load_mixes();

}  // namespace joulery
