// policy: the rows of one job in a table of caps, added up as they come.
#pragma once

#include <map>
#include <set>
#include <string>

#include "joulery/policy.h"

namespace joulery {

/// Notes of one kind in a group, and caps in one note.
inline constexpr std::size_t kMostNotes = 8;
/// Between the energy of a row and its mean power times its time. A choice: board sensors are off
/// by 5 % (docs/uncertainty.md), so two of them differ by less.
inline constexpr double kSamePower = 0.1;

struct TableRows {
  CapGroup group;
  std::map<double, CapRow> by_cap;  ///< sums
  std::size_t left_out = 0;
  std::size_t contradicted = 0;  ///< rows whose power says another energy
  Seconds first_time{};          ///< of the first row
  Joules first_energy{};

  void add(Watts cap, Seconds time, Joules energy);
  /// A row at `place` ("FILE:7") that was not measured.
  void leave_out(const std::string& place);
  /// Notes which caps of `grid`, in W, are not here.
  void note_missing(const std::set<double>& grid);
  /// The means, with their notes. Once.
  CapGroup finish();
};

}  // namespace joulery
