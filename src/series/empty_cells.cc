// series: empty cells, see empty_cells.h.
#include "series/empty_cells.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace joulery::series {
namespace {

// A choice: fewer values show no rule.
constexpr std::size_t kLeastValues = 9;
// A choice: an energy is known with its interval alone, so that more of the steps around have to
// agree than half of them: seven of nine.
constexpr double kLeastShare = 0.75;

/// The readings that have a value, and the row of each.
struct Values {
  std::vector<TimedReading> readings;
  std::vector<std::size_t> rows;
};

Values values_of(const std::vector<TimedReading>& readings) {
  Values values;
  for (std::size_t i = 0; i < readings.size(); ++i) {
    if (!readings[i].value) continue;
    values.readings.push_back(readings[i]);
    values.rows.push_back(i);
  }
  return values;
}

/// The median of the rows from one value to the next, of those nearest.
std::size_t stride_at(const std::vector<std::size_t>& rows, std::size_t at) {
  constexpr std::size_t kAround = 4;  // as of step_at()
  std::vector<std::size_t> strides;
  const std::size_t end = std::min(rows.size() - 1, at + kAround + 1);
  for (std::size_t i = at > kAround ? at - kAround : 0; i < end; ++i)
    strides.push_back(rows[i + 1] - rows[i]);
  const auto middle = strides.begin() + static_cast<std::ptrdiff_t>(strides.size() / 2);
  std::nth_element(strides.begin(), middle, strides.end());
  return *middle;
}

enum class EmptyRows : std::uint8_t { kMissing, kOfOthers, kUnclear };

/// What the empty rows behind a value are.
EmptyRows judge(const Values& values, std::size_t at, SeriesMeasure measure) {
  const bool energy = measure == SeriesMeasure::kEnergy;
  if (stride_at(values.rows, at) < 2) return EmptyRows::kMissing;
  const Step step = step_at(values.readings, at);
  const bool shown = values.readings.size() >= kLeastValues &&
                     (energy ? step.share >= kLeastShare : step.regular());
  if (shown) return EmptyRows::kOfOthers;
  return energy ? EmptyRows::kUnclear : EmptyRows::kMissing;
}

/// How often each was found, and where first.
struct Found {
  std::size_t of_others = 0, stride = 0;
  std::size_t unclear = 0;
  WallTime first_unclear{};

  void put_notes(std::vector<std::string>& notes) const {
    if (of_others > 0)
      notes.push_back(fmt::format("has a value in 1 of {} rows, and that step", stride));
    if (unclear > 0)
      notes.push_back(
          fmt::format("{} energies, first at {}, stand between empty cells that show no step: over "
                      "which time they were used is not known, and they are left out",
                      unclear, format_time(first_unclear)));
  }
};

}  // namespace

void settle_empty_cells(SeriesMeasure measure, std::vector<TimedReading>& readings,
                        std::vector<std::string>& notes) {
  const Values values = values_of(readings);
  if (values.rows.size() < 2 || values.rows.size() == readings.size()) return;
  Found found;
  std::vector<TimedReading> settled;
  for (std::size_t i = 0; i < values.rows.size(); ++i) {
    const std::size_t row = values.rows[i];
    const std::size_t next = i + 1 < values.rows.size() ? values.rows[i + 1] : readings.size();
    const EmptyRows empty = next - row > 1 ? judge(values, i, measure) : EmptyRows::kMissing;
    settled.push_back(readings[row]);
    if (empty == EmptyRows::kOfOthers) {
      if (found.of_others++ == 0) found.stride = stride_at(values.rows, i);
      continue;
    }
    if (empty == EmptyRows::kUnclear) {
      if (found.unclear++ == 0) found.first_unclear = readings[row].time;
      settled.back().value.reset();
    }
    settled.insert(settled.end(), readings.begin() + static_cast<std::ptrdiff_t>(row) + 1,
                   readings.begin() + static_cast<std::ptrdiff_t>(next));
  }
  found.put_notes(notes);
  readings = std::move(settled);
}

}  // namespace joulery::series
