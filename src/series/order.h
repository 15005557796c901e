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

/// The step in force at a reading: the median of the nine distances around it.
struct Step {
  Micros length{0};
  double share = 1;  ///< of those distances, that are about as long
  [[nodiscard]] bool regular() const { return share >= 0.5; }
};
Step step_at(const std::vector<TimedReading>& readings, std::size_t at);
/// Whether the next reading is so much further away than the step that one is missing between.
bool gap_follows(const std::vector<TimedReading>& readings, std::size_t at);

/// Each value holds up to the next stamp; where that is further than the step that is in force, for
/// one step, and what follows is not known. Errors: kInvalid where one stamp alone tells no step.
Result<std::vector<SeriesPiece>> pieces_of(const std::vector<TimedReading>& readings,
                                           const std::string& file,
                                           std::vector<std::string>& notes);

}  // namespace joulery::series
