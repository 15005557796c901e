// pue: columns of readings, see columns.h.
#include "pue/columns.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/utf8.h"

namespace joulery {
namespace {

constexpr std::array kPowerUnits = {"w", "kw", "mw"};
constexpr std::array kEnergyUnits = {"j", "kj", "mj", "gj", "wh", "kwh", "mwh", "gwh"};

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
  for (const std::string& word : words) {
    const auto measure = measure_of_unit(word);
    if (!measure) continue;
    column.measure = measure;
    column.has_unit = true;
  }
  return column;
}

}  // namespace

std::optional<SeriesMeasure> measure_of_unit(std::string_view unit) {
  const auto is = [name = lower(trim(unit))](std::string_view known) { return name == known; };
  if (std::any_of(kPowerUnits.begin(), kPowerUnits.end(), is)) return SeriesMeasure::kPower;
  if (std::any_of(kEnergyUnits.begin(), kEnergyUnits.end(), is)) return SeriesMeasure::kEnergy;
  return std::nullopt;
}

ReadingColumns sort_columns(const std::vector<std::string>& headings) {
  ReadingColumns columns;
  columns.all = headings;
  for (const std::string& heading : headings) {
    const auto words = words_of(heading);
    if (words.empty()) continue;
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
