// series: choosing columns, see columns.h.
#include "series/columns.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace joulery::series {
namespace {

// Electricity Maps, WattTime, ENTSO-E, facility meters; "Datetime (UTC)" begins with the first.
constexpr std::array<std::string_view, 7> kStampNames = {
    "datetime", "timestamp", "point_time", "utc_timestamp", "time", "date", "hour_of_"};

bool holds(const std::string& heading, std::string_view word) {
  return lower(heading).find(word) != std::string::npos;
}

/// How well a heading tells of the measure; 0: not at all.
int fit(const std::string& heading, Measure measure) {
  switch (measure) {
    case Measure::kIntensity:
      // Life cycle before direct emissions: what a statement of a paper counts.
      if (holds(heading, "intensity")) return holds(heading, "cycle") ? 3 : 2;
      return holds(heading, "moer") || holds(heading, "aoer") ? 2 : 0;
    case Measure::kPue:
      return lower(heading) == "pue" ? 2 : static_cast<int>(holds(heading, "pue"));
    case Measure::kPrice:
      return static_cast<int>(holds(heading, "price"));
    case Measure::kTemperature:
      return static_cast<int>(holds(heading, "temp"));
    case Measure::kPower:
    case Measure::kEnergy:
      return 0;
  }
  return 0;
}

Error no_such_column(const std::vector<std::string>& columns, const std::string& wanted,
                     const SeriesRequest& request) {
  std::string message =
      fmt::format("{}: {} has no column '{}'", request.flag, request.file, wanted);
  const auto near = nearest_names(wanted, columns);
  if (!near.empty()) message += fmt::format("; did you mean {}?", fmt::join(near, ", "));
  return {ErrorCode::kUsage, message};
}

}  // namespace

bool tells_of(const std::string& heading, Measure measure) { return fit(heading, measure) > 0; }

std::size_t stamp_column(const std::vector<std::string>& columns) {
  for (const std::string_view name : kStampNames)
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (lower(columns[i]).starts_with(name)) return i;
  return 0;
}

Result<std::size_t> value_column(const std::vector<std::string>& columns, std::size_t stamp,
                                 const std::string& wanted, const SeriesRequest& request) {
  if (!wanted.empty()) {
    for (const bool any_case : {false, true})
      for (std::size_t i = 0; i < columns.size(); ++i)
        if (i != stamp &&
            (columns[i] == wanted || (any_case && lower(columns[i]) == lower(wanted))))
          return i;
    return no_such_column(columns, wanted, request);
  }
  if (columns.size() == 2) return 1 - stamp;
  std::size_t best = stamp;
  int best_fit = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const int fits = i == stamp ? 0 : fit(columns[i], request.measure);
    if (fits > best_fit) best = i, best_fit = fits;
  }
  if (best_fit > 0) return best;
  return Error{ErrorCode::kUsage,
               fmt::format("{}: {} has several columns: name one as {}:{}", request.flag,
                           request.file, request.file, fmt::join(columns, ", "))};
}

}  // namespace joulery::series
