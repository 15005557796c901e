// pue: what the columns of a file of readings are, by their headings.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "joulery/result.h"
#include "joulery/series.h"

namespace joulery {

/// A heading, and what its values are.
struct ReadingColumn {
  std::string heading;
  std::optional<SeriesMeasure> measure;  ///< absent: the heading tells neither power nor energy
  bool has_unit = false;
};

/// The columns that a file of readings has of each kind.
struct ReadingColumns {
  std::vector<ReadingColumn> pue, it, facility, total, temperature;
  std::vector<std::string> all;  ///< headings, for errors
};

/// By the first word of each heading: "pue", "it", "facility", "total"; "temperature", "temp",
/// "outdoor", "dry" or "wet" (bulb). What is no reading, by words such as "target", is of no kind.
ReadingColumns sort_columns(const std::vector<std::string>& headings);

/// One of a kind. Errors: kInvalid where there are several.
Result<std::optional<ReadingColumn>> only_one(const std::vector<ReadingColumn>& columns,
                                              const std::string& file, std::string_view what);

}  // namespace joulery
