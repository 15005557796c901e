// series: the live source, "live:ZONE" and "live:ZONE:history", asked by HTTP and kept.
#pragma once

#include <functional>
#include <string>

#include "joulery/series.h"
#include "net/http.h"

namespace joulery::series {

inline constexpr std::string_view kLiveWord = "live:";

/// What reaches outside, for tests to stand in.
struct LiveWorld {
  std::function<Result<std::string>(const HttpRequest&)> get;
  std::string cache_folder;
  WallTime now{};
};

/// `request.file` begins with kLiveWord. Errors: kUsage for a zone or a measure that the source
/// does not have; of the configuration; of http_get() where no answer is kept that is a day old at
/// most.
Result<Series> read_live(const SeriesRequest& request, const LiveWorld& world);

}  // namespace joulery::series
