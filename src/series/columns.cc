// series: choosing columns, see columns.h.
#include "series/columns.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

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
int fit(const std::string& heading, SeriesMeasure measure) {
  switch (measure) {
    case SeriesMeasure::kIntensity:
      // Life cycle before direct emissions: what a statement of a paper counts.
      if (holds(heading, "intensity")) return holds(heading, "cycle") ? 3 : 2;
      return holds(heading, "moer") || holds(heading, "aoer") ? 2 : 0;
    case SeriesMeasure::kPue:
      return lower(heading) == "pue" ? 2 : static_cast<int>(holds(heading, "pue"));
    case SeriesMeasure::kPrice:
      return static_cast<int>(holds(heading, "price"));
    case SeriesMeasure::kTemperature:
      return static_cast<int>(holds(heading, "temp"));
    case SeriesMeasure::kPower:
    case SeriesMeasure::kEnergy:
      return 0;
  }
  return 0;
}

bool is_name_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
}

/// "DE" stands in "DE (g/kWh)", not in "DE-LU".
bool holds_name(const std::string& heading, const std::string& name) {
  const std::string text = lower(heading);
  const std::string wanted = lower(name);
  for (std::size_t at = text.find(wanted); at != std::string::npos;
       at = text.find(wanted, at + 1)) {
    const std::size_t end = at + wanted.size();
    if ((at == 0 || !is_name_char(text[at - 1])) &&
        (end == text.size() || !is_name_char(text[end])))
      return true;
  }
  return false;
}

/// The only heading that says more than the name that was asked for.
std::optional<std::size_t> column_with_name(const std::vector<std::string>& columns,
                                            std::size_t stamp, const std::string& name) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i == stamp || !holds_name(columns[i], name)) continue;
    if (found) return {};
    found = i;
  }
  return found;
}

/// Those that may be asked for.
std::vector<std::string> without_stamp(std::vector<std::string> columns, std::size_t stamp) {
  columns.erase(columns.begin() + static_cast<std::ptrdiff_t>(stamp));
  return columns;
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

bool tells_of(const std::string& heading, SeriesMeasure measure) {
  return fit(heading, measure) > 0;
}

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
    if (const auto column = column_with_name(columns, stamp, wanted)) return *column;
    return no_such_column(without_stamp(columns, stamp), wanted, request);
  }
  if (columns.size() == 2) return 1 - stamp;
  std::size_t best = stamp;
  int best_fit = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const int fits = i == stamp ? 0 : fit(columns[i], request.measure);
    if (fits > best_fit) best = i, best_fit = fits;
  }
  if (best_fit > 0) return best;
  return Error{ErrorCode::kUsage, fmt::format("{}: {} has several columns: name one as {}:{}",
                                              request.flag, request.file, request.file,
                                              fmt::join(without_stamp(columns, stamp), ", "))};
}

}  // namespace joulery::series
