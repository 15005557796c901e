// pue: columns of readings, see columns.h.
#include "pue/columns.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/utf8.h"
#include "series/units.h"

namespace joulery {
namespace {

// Of what was wished for, not read.
constexpr std::array kNoReading = {"target",  "goal",    "design",  "setpoint",
                                   "planned", "nominal", "forecast"};

/// The words of "IT power (kW)": "it", "power", "kw".
std::vector<std::string> words_of(std::string_view heading) {
  std::vector<std::string> words(1);
  for (const char c : lower(heading)) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (letter)
      words.back() += c;
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

ReadingColumn column_of(const std::string& heading, const std::vector<std::string>& words) {
  ReadingColumn column{heading, std::nullopt, false};
  for (const std::string& word : words) {
    if (word == "power" && !column.measure) column.measure = SeriesMeasure::kPower;
    if (word == "energy" && !column.measure) column.measure = SeriesMeasure::kEnergy;
  }
  if (const auto measure = series::meter_measure_in_heading(heading)) {
    column.measure = measure;
    column.has_unit = true;
  }
  return column;
}

bool is_no_reading(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return std::find(kNoReading.begin(), kNoReading.end(), word) != kNoReading.end();
  });
}

}  // namespace

ReadingColumns sort_columns(const std::vector<std::string>& headings) {
  ReadingColumns columns;
  columns.all = headings;
  for (const std::string& heading : headings) {
    const auto words = words_of(heading);
    if (words.empty() || is_no_reading(words)) continue;
    const std::string& first = words.front();
    std::vector<ReadingColumn>* kind = nullptr;
    if (first == "pue") kind = &columns.pue;
    if (first == "it") kind = &columns.it;
    if (first == "facility") kind = &columns.facility;
    if (first == "total") kind = &columns.total;
    for (const char* name : {"temperature", "temp", "outdoor", "dry", "wet", "drybulb", "wetbulb"})
      if (first == name && lower(heading).find("humid") == std::string::npos)
        kind = &columns.temperature;
    if (kind != nullptr) kind->push_back(column_of(heading, words));
  }
  return columns;
}

Result<std::optional<ReadingColumn>> only_one(const std::vector<ReadingColumn>& columns,
                                              const std::string& file, std::string_view what) {
  if (columns.empty()) return std::optional<ReadingColumn>();
  if (columns.size() == 1) return std::optional(columns.front());
  std::vector<std::string> names;
  for (const ReadingColumn& column : columns) names.push_back(printable(column.heading));
  return Error{ErrorCode::kInvalid,
               fmt::format("{}: has {} columns of {}: {}; one is needed, which may be their sum",
                           file, columns.size(), what, fmt::join(names, ", "))};
}

}  // namespace joulery
