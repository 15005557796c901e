// series: what the configuration files say of the live source, see docs/formats/config.md.
#pragma once

#include <string>
#include <vector>

#include "joulery/result.h"

namespace joulery::series {

struct LiveConfig {
  std::string url = "https://api.electricitymaps.com";  ///< without a '/' at its end
  std::string token;
};

/// Of two files that give the same key, the first counts. Errors: kInvalid with file and line, and
/// where there is no token; kDenied for a file with a token that others may read.
Result<LiveConfig> load_live_config(const std::vector<std::string>& files);

}  // namespace joulery::series
