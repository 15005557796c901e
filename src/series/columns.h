// series: which columns of a file hold the stamps and the values.
#pragma once

#include <string>
#include <vector>

#include "joulery/series.h"

namespace joulery::series {

/// The column of stamps: one of the names that tools give it, else the first.
std::size_t stamp_column(const std::vector<std::string>& columns);

/// Whether a heading says that its values are of that measure.
bool tells_of(const std::string& heading, SeriesMeasure measure);

/// The column that was asked for, else the only one, else the one whose heading is of the measure.
/// Errors: kUsage, offering the nearest or all.
Result<std::size_t> value_column(const std::vector<std::string>& columns, std::size_t stamp,
                                 const std::string& wanted, const SeriesRequest& request);

}  // namespace joulery::series
