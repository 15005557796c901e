// series: the last answer of a live source, kept in a file of the user's.
#pragma once

#include <optional>
#include <string>

#include "joulery/result.h"
#include "joulery/units.h"

namespace joulery::series {

struct KeptAnswer {
  WallTime asked{};
  std::string body;
};

/// $XDG_CACHE_HOME/joulery, else ~/.cache/joulery; empty where there is neither.
std::string cache_folder();
/// Empty where none is kept for that URL, or what is kept is not readable.
std::optional<KeptAnswer> find_kept(const std::string& folder, const std::string& url);
/// Makes the folder where it is missing, for the user alone.
Result<void> keep(const std::string& folder, const std::string& url, const KeptAnswer& answer);

}  // namespace joulery::series
