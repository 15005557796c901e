// series: from the rows of a file to pieces of time: order, zone, duplicates, gaps and steps.
#pragma once

#include <string>
#include <vector>

#include "joulery/series.h"
#include "series/table.h"

namespace joulery::series {

/// A stamp in UTC, and what was read there.
struct TimedReading {
  WallTime time{};
  std::uint64_t line = 0;
  std::optional<double> value;
};

/// In order of time. Rows may stand newest first; a row that repeats another is dropped, one that
/// contradicts it or stands out of order is an error, as is a stamp that the civil clock never
/// showed. Errors: kInvalid, naming file and lines.
Result<std::vector<TimedReading>> in_order(const Table& table, const TimeZone& zone,
                                           const std::string& file,
                                           std::vector<std::string>& notes);

/// Where a file joins columns of several steps, one has a value in every k-th row alone: the rows
/// between are of the others, and no gaps of this one. They are dropped.
void drop_rows_of_others(std::vector<TimedReading>& readings, std::vector<std::string>& notes);

/// Each value holds up to the next stamp; where that is further than the step that is in force, for
/// one step, and what follows is not known. Errors: kInvalid where one stamp alone tells no step.
Result<std::vector<SeriesPiece>> pieces_of(const std::vector<TimedReading>& readings,
                                           const std::string& file,
                                           std::vector<std::string>& notes);

/// Of a meter that only rises: each piece holds what it rose by. Where it fell (it was exchanged or
/// set back) nothing is known, nor over a gap, since no step of it is known to have used what it
/// rose by there.
std::vector<TimedReading> differences_of(const std::vector<TimedReading>& readings,
                                         std::vector<std::string>& notes);

}  // namespace joulery::series
