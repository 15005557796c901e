// account: the run cut at its marks. Energy is gathered slot by slot, so that phases tile the run
// exactly.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "joulery/trace.h"
#include "joulery/units.h"

namespace joulery::account {

/// Slot k lies between cuts[k - 1] and cuts[k]; slot 0 is all before the first cut, the last slot
/// all after the last.
struct Slots {
  std::vector<Instant> cuts;
  std::size_t first = 1;            ///< first slot of the run
  std::size_t last = 1;             ///< last slot of the run, inclusive
  std::optional<std::size_t> idle;  ///< slot of the idle stretch
  std::vector<std::string> names;   ///< of the run's slots; empty where nothing was marked

  [[nodiscard]] std::size_t count() const { return cuts.size() + 1; }
  [[nodiscard]] Seconds length(std::size_t slot) const { return cuts[slot] - cuts[slot - 1]; }
  [[nodiscard]] Instant begin() const { return cuts[first - 1]; }
  [[nodiscard]] Instant end() const { return cuts[last]; }
  [[nodiscard]] Seconds duration() const { return end() - begin(); }
};

/// What lies before the first mark is named "(start)"; marks outside of the run are ignored.
Slots cut_run(const TraceInfo& info);

}  // namespace joulery::account
