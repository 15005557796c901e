// plan: the best slots of a job whose pauses have a cost, see paused_slots.h.
#include "plan/paused_slots.h"

#include <algorithm>

#include "plan/surplus.h"

namespace joulery::plan {
namespace {

/// What is left to pay from each cell of time on, by the work done up to it.
class Table {
 public:
  explicit Table(const SlotGrid& grid) : grid_(grid), columns_(grid.work + 1) {
    paused_.assign((grid.cells + 1) * columns_, kImpossible);
    running_.assign((grid.cells + 1) * columns_, kImpossible);
    for (std::size_t t = grid.cells + 1; t-- > 0;)
      for (std::size_t done = columns_; done-- > 0;) fill(t, done);
  }

  [[nodiscard]] Cost paused(std::size_t t, std::size_t done) const {
    return paused_[t * columns_ + done];
  }
  /// Of a slot that begins at `t`: up to where it may end.
  [[nodiscard]] Cost started(std::size_t t, std::size_t done) const {
    const std::size_t run = run_of(done);
    const std::size_t after = done + run - resume_of(done);
    if (after > grid_.work || !grid_.is_known(t, run)) return kImpossible;
    const Cost rest = running_[(t + run) * columns_ + after];
    if (rest >= kImpossible) return kImpossible;
    return rest + (done > 0 ? grid_.resumed[t] : grid_.slot[t]) + grid_.upto[t + run] -
           grid_.upto[t];
  }
  [[nodiscard]] Cost runs_on(std::size_t t, std::size_t done) const {
    if (done >= grid_.work || !grid_.is_known(t, 1)) return kImpossible;
    const Cost rest = running_[(t + 1) * columns_ + done + 1];
    return rest >= kImpossible ? kImpossible : rest + grid_.upto[t + 1] - grid_.upto[t];
  }
  /// Not running in the cell at `t`. A slot that ends at `t` is followed by such a cell: a resume
  /// without a pause would only burn energy, which pays where prices are negative.
  [[nodiscard]] Cost later(std::size_t t, std::size_t done) const {
    return t < grid_.cells ? paused_[(t + 1) * columns_ + done] : kImpossible;
  }
  [[nodiscard]] std::size_t run_of(std::size_t done) const {
    return done > 0 ? grid_.next_run : grid_.first_run;
  }
  [[nodiscard]] std::size_t resume_of(std::size_t done) const {
    return done > 0 ? grid_.resume : 0;
  }

 private:
  void fill(std::size_t t, std::size_t done) {
    const std::size_t at = t * columns_ + done;
    if (done == grid_.work) {
      paused_[at] = 0;
      running_[at] = 0;
      return;
    }
    paused_[at] = std::min(later(t, done), started(t, done));
    running_[at] = std::min(later(t, done), runs_on(t, done));
  }

  const SlotGrid& grid_;
  std::size_t columns_;
  std::vector<Cost> paused_, running_;
};

/// Forward through the table: running, and running early, where that costs no more.
std::vector<Slot> slots_from(const Table& table, const PausedJob& job, const SlotGrid& grid) {
  const auto moment = [&](std::size_t t) {
    return job.begin + static_cast<Micros::rep>(t) * grid.step;
  };
  std::vector<Slot> slots;
  std::size_t t = 0;
  std::size_t done = 0;
  while (done < grid.work) {
    while (table.started(t, done) != table.paused(t, done)) ++t;
    const std::size_t begin = t;
    t += table.run_of(done);
    done += table.run_of(done) - table.resume_of(done);
    while (done < grid.work && table.runs_on(t, done) <= table.later(t, done)) {
      ++t;
      ++done;
    }
    slots.push_back({moment(begin), moment(t)});
    ++t;  // a pause lasts at least one cell
  }
  return slots;
}

}  // namespace

double cost_of(const RateCurve& curve, const std::vector<Slot>& slots, double resume_load_s) {
  double cost = 0;
  for (const Slot& slot : slots) {
    cost += curve.integral(slot.begin, slot.end).value_or(0);
    if (&slot == &slots.front() || resume_load_s <= 0) continue;
    cost += resume_load_s * curve.pieces()[curve.piece_after(slot.begin)].value;
  }
  return cost;
}

std::optional<JobWindow> best_on_grid(const RateCurve& curve, const PausedJob& job,
                                      const SlotGrid& grid) {
  const Table table(grid);
  if (table.paused(0, 0) >= kImpossible) return {};
  JobWindow out;
  out.slots = slots_from(table, job, grid);
  cut_surplus(curve, job, out.slots);
  out.cost = cost_of(curve, out.slots, job.resume_load_s);
  out.grid = grid.step;
  return out;
}

}  // namespace joulery::plan
