// worth: levels of a hyper-parameter, see levels.h.
#include "worth/levels.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>

#include "base/text.h"

namespace joulery::worth {
namespace {

constexpr std::size_t kRunsOfARange = 10;  // at least, see kMostRanges

/// The number of each run; empty where a run has a word.
std::optional<std::vector<std::optional<double>>> numbers_of(const HyperParameter& parameter) {
  std::vector<std::optional<double>> numbers;
  numbers.reserve(parameter.values.size());
  for (const std::string_view text : parameter.values) {
    const std::optional<double> number = parse_number(text);
    if (!number && !text.empty()) return {};
    numbers.push_back(number);
  }
  return numbers;
}

/// How many runs have less than each number.
std::map<double, std::size_t> ranks_of(const std::vector<std::optional<double>>& numbers,
                                       std::size_t& told) {
  std::map<double, std::size_t> counts;
  for (const auto& number : numbers)
    if (number) ++counts[*number];
  told = 0;
  for (auto& [number, count] : counts) {
    const std::size_t here = count;
    count = told;
    told += here;
  }
  return counts;
}

void put_numbers(const std::vector<std::optional<double>>& numbers, Levels& levels) {
  std::size_t told = 0;
  const std::map<double, std::size_t> below = ranks_of(numbers, told);
  levels.binned = below.size() > kMostNumbers;
  const std::size_t ranges = std::clamp<std::size_t>(told / kRunsOfARange, 2, kMostRanges);
  std::map<double, std::uint32_t> level_of;
  std::uint32_t next = 0;
  for (const auto& [number, rank] : below) {
    const std::size_t range = rank * ranges / told;
    level_of[number] = levels.binned ? static_cast<std::uint32_t>(range) : next++;
  }
  const auto untold = static_cast<std::uint32_t>(levels.binned ? ranges : next);
  for (const auto& number : numbers)
    levels.of.push_back(number ? level_of.find(*number)->second : untold);
  levels.count = untold + 1;
}

void put_words(const HyperParameter& parameter, Levels& levels) {
  std::unordered_map<std::string_view, std::uint32_t> level_of;
  for (const std::string_view text : parameter.values) {
    const auto next = static_cast<std::uint32_t>(level_of.size());
    levels.of.push_back(level_of.emplace(text, next).first->second);
  }
  levels.count = static_cast<std::uint32_t>(level_of.size());
}

/// Rare levels become one, or none; what is left is numbered without gaps.
void settle_rare(Levels& levels) {
  std::vector<std::size_t> runs(levels.count, 0);
  for (const std::uint32_t level : levels.of) ++runs[level];
  std::size_t rare = 0;
  for (const std::size_t count : runs)
    if (count < kLeastRuns) rare += count;
  std::uint32_t next = 0;
  const std::uint32_t together = rare >= kLeastRuns ? next++ : Levels::kNone;
  std::vector<std::uint32_t> renamed;
  for (const std::size_t count : runs) renamed.push_back(count < kLeastRuns ? together : next++);
  for (std::uint32_t& level : levels.of) level = renamed[level];
  levels.count = next;
}

}  // namespace

Levels levels_of(const HyperParameter& parameter) {
  Levels levels;
  levels.of.reserve(parameter.values.size());
  if (const auto numbers = numbers_of(parameter)) {
    put_numbers(*numbers, levels);
  } else {
    put_words(parameter, levels);
    if (levels.count > kMostWords) {
      levels.why = fmt::format("{} different words: an id or a name?", levels.count);
      return levels;
    }
  }
  settle_rare(levels);
  if (levels.count < 2) levels.why = "the runs do not differ in it";
  return levels;
}

}  // namespace joulery::worth
