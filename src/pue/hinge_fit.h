// pue: least squares of a line that is level up to a knee, with a term for the load.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace joulery {

/// One hour: y = a + b x + k max(0, t - knee).
struct HingeRow {
  double t = 0;           ///< temperature
  double x = 0;           ///< 1 / load share
  double y = 0;           ///< PUE - 1
  std::size_t block = 0;  ///< hours of one block are left out together
};

struct HingeFit {
  std::array<double, 3> terms{};  ///< a, b, k
  double knee = 0;
  double squares = 0;  ///< the sum of the squares of what is left

  [[nodiscard]] double at(const HingeRow& row) const;
};

/// All terms are 0 or more; b is 0 unless `with_load`. The knee is searched from the least to the
/// greatest temperature. `rows` are in order of t, at least one. O(n) and a search of O(log n).
HingeFit fit_hinge(const std::vector<HingeRow>& rows, bool with_load);

}  // namespace joulery
