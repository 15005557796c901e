// site: a place from flags and a configuration that is already read.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "joulery/result.h"
#include "joulery/site.h"
#include "site/config.h"

namespace joulery {

/// Standard uncertainty of a PUE that comes without one: a rectangle of +-0.1, the last digit that
/// sites report.
inline const double kUnstatedPueU = 0.1 / std::sqrt(3.0);
/// The same of an intensity, relative: 10 %, a choice. Averages of one grid can differ by more
/// between years; the table of regions has an uncertainty for each row (docs/formats/config.md).
inline constexpr double kUnstatedIntensityU = 0.1;

/// make_place() without its files, whose names (`config_files`) errors tell.
Result<Place> place_from(const PlaceRequest& request, const SiteConfig& config,
                         const std::vector<std::string>& config_files);

}  // namespace joulery
