// plan: the grid of moments on which slots with resumes are planned, see slot_grid.h.
#include "plan/slot_grid.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

namespace joulery::plan {
namespace {

using Count = Micros::rep;

/// The step that loses nothing.
Count exact_step(const RateCurve& curve, const PausedJob& job) {
  Count step = job.length.count();
  step = std::gcd(step, job.resume_time.count());
  step = std::gcd(step, job.shortest_slot.count());
  step = std::gcd(step, (job.end - job.begin).count());
  const auto& pieces = curve.pieces();
  const auto add = [&](WallTime time) {
    if (time > job.begin && time < job.end) step = std::gcd(step, (time - job.begin).count());
  };
  for (std::size_t i = curve.piece_after(job.begin);
       i < pieces.size() && pieces[i].begin < job.end && step > 1; ++i) {
    add(pieces[i].begin);
    add(pieces[i].end);
  }
  return step;
}

/// Length / n, for the greatest n at which (span / step) * n is no more than `most`.
Count bounded_step(const PausedJob& job, std::size_t most) {
  const auto length = static_cast<double>(job.length.count());
  const auto span = static_cast<double>((job.end - job.begin).count());
  auto parts = static_cast<Count>(std::sqrt(static_cast<double>(most) * length / span));
  parts = std::clamp<Count>(parts, 1, job.length.count());
  while (job.length.count() % parts != 0) --parts;
  return job.length.count() / parts;
}

std::size_t cells_of(Micros time, Micros step) {  // rounded up
  return static_cast<std::size_t>((time.count() + step.count() - 1) / step.count());
}

/// Whole numbers that keep 61 bits: of the greatest sum there may be, and of the number of slots.
class Rounding {
 public:
  Rounding(std::size_t cells, std::size_t slots, double greatest)
      : slots_(Cost{1} << std::bit_width(slots)),
        quantum_(power_of_two(greatest * static_cast<double>(cells + 1) *
                              static_cast<double>(slots_) * 4 / static_cast<double>(kImpossible))) {
  }
  [[nodiscard]] Cost of(double cost) const {
    return static_cast<Cost>(std::llround(cost / quantum_)) * slots_;
  }

 private:
  // So that costs which are whole numbers keep being so, and ties keep being ties.
  static double power_of_two(double least) {
    return least > 0 ? std::exp2(std::ceil(std::log2(least))) : 1;
  }

  Cost slots_;
  double quantum_;
};

void put_costs(const RateCurve& curve, const PausedJob& job, SlotGrid& grid) {
  std::vector<double> costs(grid.cells, 0.0);
  std::vector<bool> known(grid.cells, false);
  double greatest = 0;
  for (std::size_t i = 0; i < grid.cells; ++i) {
    const WallTime begin = job.begin + static_cast<Count>(i) * grid.step;
    const auto cost = curve.integral(begin, begin + grid.step);
    if (!cost) continue;
    known[i] = true;
    costs[i] = *cost;
    greatest = std::max(greatest, std::abs(*cost));
  }
  const double resume = job.resume_load_s / Seconds(grid.step).count();
  // What a resume does not need of its last cell is cut off again (surplus.h): here at the rate
  // with which its slot begins.
  const Micros surplus = static_cast<Count>(grid.resume) * grid.step - job.resume_time;
  const double cut = Seconds(surplus).count() / Seconds(grid.step).count();
  const Rounding rounding(grid.cells, grid.work, greatest * (1 + resume));
  grid.upto.assign(grid.cells + 1, 0);
  grid.known.assign(grid.cells + 1, 0);
  grid.slot.assign(grid.cells, 1);
  grid.resumed.assign(grid.cells, 1);
  for (std::size_t i = 0; i < grid.cells; ++i) {
    grid.upto[i + 1] = grid.upto[i] + rounding.of(costs[i]);
    grid.known[i + 1] = grid.known[i] + (known[i] ? 1 : 0);
    grid.resumed[i] += rounding.of(costs[i] * (resume - cut));
  }
}

}  // namespace

SlotGrid make_slot_grid(const RateCurve& curve, const PausedJob& job, std::size_t most) {
  SlotGrid grid;
  grid.step = Micros(exact_step(curve, job));
  const auto count = [&](Micros time) {
    return static_cast<double>(time.count()) / static_cast<double>(grid.step.count());
  };
  if (count(job.end - job.begin) * count(job.length) > static_cast<double>(most))
    grid.step = Micros(bounded_step(job, most));
  grid.cells = static_cast<std::size_t>((job.end - job.begin) / grid.step);
  grid.work = static_cast<std::size_t>(job.length / grid.step);
  grid.resume = cells_of(job.resume_time, grid.step);
  const std::size_t shortest = std::max<std::size_t>(1, cells_of(job.shortest_slot, grid.step));
  grid.first_run = std::min(shortest, grid.work);
  grid.next_run = std::max(shortest, grid.resume + 1);
  put_costs(curve, job, grid);
  return grid;
}

}  // namespace joulery::plan
