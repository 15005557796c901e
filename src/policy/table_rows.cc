// policy: sums over the rows of a job, see table_rows.h.
#include "policy/table_rows.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>
#include <vector>

#include "policy/points.h"

namespace joulery {

void TableRows::add(Watts cap, Seconds time, Joules energy) {
  if (by_cap.empty()) first_time = time, first_energy = energy;
  CapRow& row = by_cap.try_emplace(cap.count(), CapRow{cap, {}, {}, 0}).first->second;
  row.time += time;
  row.energy += energy;
  ++row.rows;
}

void TableRows::leave_out(const std::string& place) {
  if (++left_out <= kMostNotes) group.notes.push_back(place + ": left out: no cap, time or energy");
}

void TableRows::note_missing(const std::set<double>& grid) {
  std::vector<std::string> missing;
  for (const double cap : grid) {
    if (missing.size() == kMostNotes) break;
    if (!by_cap.contains(cap)) missing.push_back(watts_text(Watts(cap)));
  }
  if (missing.empty()) return;
  group.notes.push_back(fmt::format("missing caps, which other groups have: {}{}",
                                    fmt::join(missing, ", "),
                                    missing.size() == kMostNotes ? ", .." : ""));
}

CapGroup TableRows::finish() {
  std::vector<std::string> averaged;
  for (auto& [cap, row] : by_cap) {
    const double share = 1.0 / static_cast<double>(row.rows);
    if (row.rows > 1) averaged.push_back(fmt::format("{} ({})", watts_text(row.cap), row.rows));
    group.rows.push_back({row.cap, row.time * share, row.energy * share, row.rows});
  }
  if (averaged.size() > kMostNotes) averaged.resize(kMostNotes);
  if (!averaged.empty())
    group.notes.push_back(fmt::format("several rows averaged: {}", fmt::join(averaged, ", ")));
  if (contradicted > 0)
    group.notes.push_back(
        fmt::format("in {} rows power times time is another energy, by more than {:.0f} %: the "
                    "energy was taken",
                    contradicted, 100 * kSamePower));
  return std::move(group);
}

}  // namespace joulery
