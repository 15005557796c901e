// simulate: when the parts of jobs run: as planned, and after the queue as they did.
#pragma once

#include <cstdint>
#include <vector>

#include "joulery/plan.h"
#include "joulery/simulate.h"

namespace joulery::simulate {

/// A piece of a job that runs without a pause.
struct Part {
  WallTime begin{};
  Micros length{};

  [[nodiscard]] WallTime end() const { return begin + length; }
};

/// The parts of all jobs, those of one after those of another.
struct Parts {
  std::vector<Part> all;
  std::vector<std::uint32_t> first{0};  ///< of each job, and at last the number of all

  [[nodiscard]] std::size_t jobs() const { return first.size() - 1; }
  void reserve(std::size_t count) {
    all.reserve(count);
    first.reserve(count + 1);
  }
  void add(Part part) { all.push_back(part); }
  void finish_job() { first.push_back(static_cast<std::uint32_t>(all.size())); }
};

Parts parts_now(const std::vector<MovableJob>& jobs);
/// Adds what the planner makes of a job. `shape` holds what jobs have in common. Errors: as
/// best_window().
Result<void> add_window(const RateCurve& curve, JobShape& shape, const MovableJob& job,
                        Parts& parts);
}  // namespace joulery::simulate
