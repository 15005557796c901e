// series: a series from a stream, for tests and the fuzzer; read_series() opens a file.
#pragma once

#include <istream>
#include <string>

#include "joulery/series.h"

namespace joulery::series {

/// `column` may be empty.
Result<Series> read_stream(std::istream& in, const std::string& file, const std::string& column,
                           const SeriesRequest& request);

}  // namespace joulery::series
