// site: a place from flags and a configuration that is already read.
#pragma once

#include <string>
#include <vector>

#include "joulery/result.h"
#include "joulery/site.h"
#include "site/config.h"

namespace joulery {

/// make_place() without its files, whose names (`config_files`) errors tell.
Result<Place> place_from(const PlaceRequest& request, const SiteConfig& config,
                         const std::vector<std::string>& config_files);

}  // namespace joulery
