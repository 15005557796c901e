// site: what the configuration files say of places, see docs/formats/config.md.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "joulery/result.h"

namespace joulery {

/// A value as it was written, and where: "--pue", or "FILE:LINE: pue".
struct Said {
  std::string text;
  std::string where;
  std::string
      source;  ///< as the account tells it: "--pue", "site NAME in FILE", "defaults in FILE"
  ErrorCode code = ErrorCode::kInvalid;
};

/// Key ("pue", "intensity", ...) to value.
using Layer = std::map<std::string, Said, std::less<>>;

struct SiteConfig {
  Layer defaults;
  std::map<std::string, Layer, std::less<>> sites;
};

/// Reads the files in order of precedence: of two that give the same key, the first counts. Absent
/// files are skipped. Errors: kInvalid with file and line; kDenied for a file that cannot be read.
Result<SiteConfig> load_site_config(const std::vector<std::string>& files);

/// One file's text, added to what files before it said.
Result<void> add_site_config(std::string_view text, const std::string& file, SiteConfig& config);

}  // namespace joulery
