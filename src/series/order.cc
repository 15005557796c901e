// series: order, duplicates, gaps, see order.h.
#include "series/order.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace joulery::series {
namespace {

// Of the steps around a row, the median is the one in force: it follows a change of step and is not
// moved by a gap. A choice: four on each side.
constexpr std::size_t kAround = 4;
// A choice: a regular series that skips half a step more has a hole; readings that come as they
// like (a facility's log of changes) have one where they stay away four times as long.
constexpr double kRegularGap = 1.5;
constexpr double kIrregularGap = 4;
constexpr double kSameStep = 0.1;

bool newest_first(const std::vector<Reading>& readings) {
  return readings.front().stamp.count > readings.back().stamp.count;
}

/// How far a reading holds.
struct Extent {
  WallTime end{};
  bool gap_follows = false;
};

/// Whether the distances ahead, more than half of those around, are all the same: the usual case,
/// in which none is a gap and the step need not be found.
bool goes_on_evenly(const std::vector<TimedReading>& readings, std::size_t at) {
  if (at + kAround + 1 >= readings.size()) return false;
  const Micros distance = readings[at + 1].time - readings[at].time;
  for (std::size_t i = at + 1; i <= at + kAround; ++i)
    if (readings[i + 1].time - readings[i].time != distance) return false;
  return true;
}

Extent extent_of(const std::vector<TimedReading>& readings, std::size_t at) {
  if (goes_on_evenly(readings, at)) return {readings[at + 1].time, false};
  const WallTime time = readings[at].time;
  const bool last = at + 1 == readings.size();
  const Step step = step_at(readings, last ? at - 1 : at);
  if (last) return {time + step.length, false};
  const double most = step.regular() ? kRegularGap : kIrregularGap;
  const Micros distance = readings[at + 1].time - time;
  if (static_cast<double>(distance.count()) > most * static_cast<double>(step.length.count()))
    return {time + step.length, true};
  return {readings[at + 1].time, false};
}

/// The moment that a stamp means, which lies behind `after` where the civil clock shows it twice.
std::optional<WallTime> moment_of(const Stamp& stamp, const TimeZone& zone,
                                  std::optional<WallTime> after) {
  if (!stamp.local) return WallTime(stamp.count);
  const std::chrono::local_time<Micros> local(stamp.count);
  const auto first = zone.from_local(local);
  if (!first || !after || *first > *after) return first;
  // Not behind: the second time that the clock showed it, or a row that repeats another.
  const auto second = zone.from_local(local, true);
  return *second > *after ? second : first;
}

}  // namespace

Step step_at(const std::vector<TimedReading>& readings, std::size_t at) {
  const std::size_t distances = readings.size() - 1;
  const std::size_t begin = at > kAround ? at - kAround : 0;
  const std::size_t end = std::min(distances, at + kAround + 1);
  std::array<Micros, 2 * kAround + 1> steps{};
  std::size_t count = 0;
  for (std::size_t i = begin; i < end; ++i)
    steps[count++] = readings[i + 1].time - readings[i].time;
  if (std::all_of(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(count),
                  [&](Micros step) { return step == steps[0]; }))
    return {steps[0], 1};
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(count / 2);
  const auto last = steps.begin() + static_cast<std::ptrdiff_t>(count);
  std::nth_element(steps.begin(), middle, last);
  const Micros median = *middle;
  const auto same = std::count_if(steps.begin(), last, [&](Micros step) {
    return std::abs(static_cast<double>((step - median).count())) <=
           kSameStep * static_cast<double>(median.count());
  });
  return {median, static_cast<double>(same) / static_cast<double>(count)};
}

bool gap_follows(const std::vector<TimedReading>& readings, std::size_t at) {
  return at + 1 < readings.size() && extent_of(readings, at).gap_follows;
}

Result<std::vector<TimedReading>> in_order(const Table& table, const TimeZone& zone,
                                           const std::string& file,
                                           std::vector<std::string>& notes) {
  const auto& rows = table.readings;
  const bool reversed = newest_first(rows);
  if (reversed) notes.emplace_back("the newest row stands first: turned round");
  std::vector<TimedReading> ordered;
  ordered.reserve(rows.size());
  std::size_t repeated = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Reading& row = rows[reversed ? rows.size() - 1 - i : i];
    const auto after = ordered.empty() ? std::nullopt : std::optional(ordered.back().time);
    const auto time = moment_of(row.stamp, zone, after);
    if (!time)
      return Error{ErrorCode::kInvalid,
                   fmt::format("{}:{}: the clock of {} never shows this hour: it is set forward",
                               file, row.line, zone.name())};
    if (after && *time == *after) {
      if (row.value != ordered.back().value)
        return Error{ErrorCode::kInvalid,
                     fmt::format("{}:{}: another value for the time of line {}", file, row.line,
                                 ordered.back().line)};
      ++repeated;
      continue;
    }
    if (after && *time < *after)
      return Error{ErrorCode::kInvalid,
                   fmt::format("{}:{}: this row lies before the one of line {}: rows are in order "
                               "of time, oldest or newest first",
                               file, row.line, ordered.back().line)};
    ordered.push_back({*time, row.line, row.value});
  }
  if (repeated > 0) notes.push_back(fmt::format("{} rows repeat another: counted once", repeated));
  return ordered;
}

Result<std::vector<SeriesPiece>> pieces_of(const std::vector<TimedReading>& readings,
                                           const std::string& file,
                                           std::vector<std::string>& notes) {
  if (readings.size() < 2)
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}: one row tells no step: how long does its value hold?", file)};
  std::vector<SeriesPiece> pieces;
  pieces.reserve(readings.size());
  std::size_t gaps = 0;
  for (std::size_t i = 0; i < readings.size(); ++i) {
    if (!readings[i].value) continue;
    gaps += static_cast<std::size_t>(!pieces.empty() && pieces.back().end < readings[i].time);
    pieces.push_back({readings[i].time, extent_of(readings, i).end, *readings[i].value});
  }
  if (pieces.empty())
    return Error{ErrorCode::kInvalid, fmt::format("{}: no row has a value", file)};
  if (gaps > 0) notes.push_back(fmt::format("{} gaps, in which nothing is known", gaps));
  return pieces;
}

}  // namespace joulery::series
