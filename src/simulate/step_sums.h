// simulate: what is held over many stretches of time, step by step of a grid.
#pragma once

#include <cstddef>
#include <vector>

namespace joulery::simulate {

class StepSums {
 public:
  /// A moment: so far into a step.
  struct At {
    std::size_t step = 0;
    double seconds = 0;
  };
  /// `value` from `begin` to `end`. O(1), but for the growth of the grid.
  void add(At begin, At end, double value) {
    if (held_.size() <= end.step) grow_to(end.step + 1);
    held_[begin.step] -= value * begin.seconds;
    held_[end.step] += value * end.seconds;
    change_[begin.step] += value;
    change_[end.step] -= value;
  }
  void grow_to(std::size_t steps) {
    held_.resize(steps);
    change_.resize(steps);
  }

  /// The integral over each step, which is `length(step)` seconds long.
  template <class Length>
  [[nodiscard]] std::vector<double> sums(Length length) const {
    std::vector<double> out = held_;
    double full = 0;
    for (std::size_t step = 0; step < out.size(); ++step) {
      full += change_[step];
      out[step] += full * length(step);
    }
    return out;
  }

 private:
  std::vector<double> held_;    // within steps that a stretch does not fill
  std::vector<double> change_;  // of what is held throughout, from this step on
};

}  // namespace joulery::simulate
