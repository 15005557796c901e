// plan: the grid of moments on which slots with resumes are planned, and what its cells cost.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "joulery/plan.h"

namespace joulery::plan {

/// A job that may be paused, but not at no cost.
struct PausedJob {
  WallTime begin{}, end{};  ///< what its slots may be in
  Micros length{};
  Micros shortest_slot{};
  Micros resume_time{};
  double resume_load_s = 0;
};

/// Costs as whole numbers, so that equal ones are equal whatever the order of their sum; the least
/// digits count slots.
using Cost = std::int64_t;
inline constexpr Cost kImpossible = std::int64_t{1} << 61;

/// Cells of one step each from the begin on.
struct SlotGrid {
  Micros step{};
  std::size_t cells = 0;           ///< of time
  std::size_t work = 0;            ///< cells of work: the length
  std::size_t first_run = 0;       ///< least cells of the first slot
  std::size_t next_run = 0;        ///< least cells of the others, the resume among them
  std::size_t resume = 0;          ///< cells that a resume takes: its time, rounded up
  std::vector<Cost> upto;          ///< cells + 1: of all cells before
  std::vector<std::size_t> known;  ///< cells + 1: how many before are known
  std::vector<Cost> slot;          ///< of beginning a slot at each cell, without a resume
  std::vector<Cost> resumed;       ///< with one

  [[nodiscard]] bool is_known(std::size_t cell, std::size_t count) const {
    return cell + count <= cells && known[cell + count] - known[cell] == count;
  }
};

/// A step that divides the length, the resume time, the least slot, the deadline and all moments at
/// which the rate changes, where that makes no more than `most` pairs of a cell of time and a cell
/// of work; else the least step that divides the length and makes no more.
SlotGrid make_slot_grid(const RateCurve& curve, const PausedJob& job, std::size_t most);

}  // namespace joulery::plan
