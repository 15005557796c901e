// plan: a set of ranked numbers that tells the sum of its least ones, and changes, in O(log n): a
// tree of partial sums (Fenwick, Software: Practice and Experience 24, 1994).
#pragma once

#include <bit>
#include <cstddef>
#include <vector>

namespace joulery::plan {

/// Each rank is in the set or not. Values are those of the ranks: value[0] <= value[1] <= ...
template <class Number>
class RankedSums {
 public:
  explicit RankedSums(std::size_t ranks) : nodes_(ranks + 1), top_(std::bit_floor(ranks + 1)) {}

  void add(std::size_t rank, Number value) { change(rank, 1, value); }
  void remove(std::size_t rank, Number value) { change(rank, -1, -value); }

  /// The sum of the `count` members of least rank; of all where there are fewer.
  [[nodiscard]] Number least(std::ptrdiff_t count) const {
    Number sum{};
    std::size_t at = 0;
    for (std::size_t step = top_; step > 0; step /= 2) {
      if (at + step >= nodes_.size() || nodes_[at + step].count > count) continue;
      at += step;
      count -= nodes_[at].count;
      sum += nodes_[at].sum;
    }
    return sum;
  }

 private:
  struct Node {
    std::ptrdiff_t count = 0;
    Number sum{};
  };

  void change(std::size_t rank, std::ptrdiff_t count, Number value) {
    for (std::size_t i = rank + 1; i < nodes_.size(); i += i & (~i + 1)) {
      nodes_[i].count += count;
      nodes_[i].sum += value;
    }
  }

  std::vector<Node> nodes_;
  std::size_t top_;
};

}  // namespace joulery::plan
