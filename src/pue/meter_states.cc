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
// A choice: energies of intervals fall every second time. Meters that were exchanged, were polled
// as 0 or begin anew every day fall too, that seldom.
constexpr std::size_t kMostFallsOneIn = 10;

/// They rise more often than not, and hardly ever fall.
bool look_like_states(const Series& series, std::size_t falls) {
  const auto& pieces = series.pieces;
  if (pieces.size() < kLeastStates || pieces.back().end - pieces.front().begin < kLeastSpan)
    return false;
  std::size_t rises = 0;
  for (std::size_t i = 1; i < pieces.size(); ++i)
    rises += pieces[i].value > pieces[i - 1].value ? 1U : 0U;
  return 2 * rises > pieces.size() && kMostFallsOneIn * falls <= rises + falls;
}

std::size_t falls_of(const Series& series) {
  std::size_t falls = 0;
  for (std::size_t i = 1; i < series.pieces.size(); ++i)
    falls += series.pieces[i].value < series.pieces[i - 1].value ? 1U : 0U;
  return falls;
}

}  // namespace

Result<void> check_energies(EnergyReading how, const Series& series) {
  if (series.measure != SeriesMeasure::kEnergy) return {};
  if (series::is_cumulative_heading(series.name)) {
    if (how != EnergyReading::kInterval) return {};
    return Error{ErrorCode::kUsage,
                 series.source +
                     ": by its heading a meter that counts on, which --energy interval "
                     "contradicts"};
  }
  const std::size_t falls = falls_of(series);
  if (how != EnergyReading::kGuess || !look_like_states(series, falls)) return {};
  const std::string fall =
      falls == 0 ? "never fall" : fmt::format("fall {} time{}", falls, falls == 1 ? "" : "s");
  return Error{
      ErrorCode::kInvalid,
      fmt::format("{}: its {} energies rise and {}, as the states of a meter that counts on: "
                  "--energy cumulative takes their differences, --energy interval takes them as "
                  "they are",
                  series.source, series.pieces.size(), fall)};
}

}  // namespace joulery
