// pue: states of meters, see meter_states.h.
#include "pue/meter_states.h"

#include <fmt/format.h>

#include "series/units.h"

namespace joulery {
namespace {

// Choices: the energies of two days' intervals fall at some time in them, those of a morning may
// not.
constexpr std::size_t kLeastStates = 48;
constexpr std::chrono::hours kLeastSpan{48};

/// They never fall, and rise more often than not.
bool look_like_states(const Series& series) {
  const auto& pieces = series.pieces;
  if (pieces.size() < kLeastStates || pieces.back().end - pieces.front().begin < kLeastSpan)
    return false;
  std::size_t rises = 0;
  for (std::size_t i = 1; i < pieces.size(); ++i) {
    if (pieces[i].value < pieces[i - 1].value) return false;
    rises += pieces[i].value > pieces[i - 1].value ? 1U : 0U;
  }
  return 2 * rises > pieces.size();
}

/// A state holds for the begin of its piece. Across a gap the energy is known and not when it was
/// used, and after a fall the meter was set back or changed: both are left out.
void take_differences(Series& series) {
  std::vector<SeriesPiece> out;
  std::vector<std::uint64_t> lines;
  std::size_t falls = 0;
  for (std::size_t i = 1; i < series.pieces.size(); ++i) {
    const SeriesPiece& before = series.pieces[i - 1];
    const SeriesPiece& after = series.pieces[i];
    if (after.value < before.value) {
      ++falls;
      continue;
    }
    if (before.end != after.begin) continue;
    out.push_back({before.begin, after.begin, after.value - before.value});
    if (i <= series.lines.size()) lines.push_back(series.lines[i - 1]);
  }
  series.pieces = std::move(out);
  series.lines = std::move(lines);
  if (falls > 0)
    series.notes.push_back(
        fmt::format("{}: the meter's state falls {} time{}; the interval before "
                    "is left out",
                    series.source, falls, falls == 1 ? "" : "s"));
}

/// Of differences that the reader took: the one before a gap is spread over one step and holds the
/// energy of all of it.
void drop_before_gaps(Series& series) {
  Series out = series;
  out.pieces.clear();
  out.lines.clear();
  for (std::size_t i = 0; i < series.pieces.size(); ++i) {
    const bool last = i + 1 == series.pieces.size();
    if (!last && series.pieces[i].end != series.pieces[i + 1].begin) continue;
    out.pieces.push_back(series.pieces[i]);
    if (i < series.lines.size()) out.lines.push_back(series.lines[i]);
  }
  series = std::move(out);
}

}  // namespace

Result<void> settle_energies(EnergyReading how, Series& series) {
  if (series.measure != SeriesMeasure::kEnergy) return {};
  if (series::is_cumulative_heading(series.name)) {
    if (how == EnergyReading::kInterval)
      return Error{ErrorCode::kUsage, series.source +
                                          ": by its heading a meter that counts on, which --energy "
                                          "interval contradicts"};
    drop_before_gaps(series);
    return {};
  }
  if (how == EnergyReading::kInterval) return {};
  if (how == EnergyReading::kGuess) {
    if (!look_like_states(series)) return {};
    return Error{ErrorCode::kInvalid,
                 fmt::format("{}: its {} energies never fall, as the states of a meter that counts "
                             "on: --energy cumulative takes their differences, --energy interval "
                             "takes them as they are",
                             series.source, series.pieces.size())};
  }
  take_differences(series);
  if (series.pieces.empty())
    return Error{ErrorCode::kInvalid,
                 series.source + ": no two states of the meter follow each other"};
  return {};
}

}  // namespace joulery
