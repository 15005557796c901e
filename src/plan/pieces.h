// plan: arithmetic on values over time.
#pragma once

#include <algorithm>
#include <vector>

#include "joulery/series.h"

namespace joulery::plan {

using Pieces = std::vector<SeriesPiece>;

/// Where both are known: what `combine` makes of their values.
template <class Combine>
Pieces combined(const Pieces& a, const Pieces& b, Combine combine) {
  Pieces out;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    const WallTime begin = std::max(a[i].begin, b[j].begin);
    const WallTime end = std::min(a[i].end, b[j].end);
    if (begin < end) out.push_back({begin, end, combine(a[i].value, b[j].value)});
    const bool first_ends = a[i].end <= b[j].end;
    const bool second_ends = b[j].end <= a[i].end;
    i += first_ends ? 1 : 0;
    j += second_ends ? 1 : 0;
  }
  return out;
}

inline Pieces scaled(Pieces pieces, double factor) {
  for (SeriesPiece& piece : pieces) piece.value *= factor;
  return pieces;
}

}  // namespace joulery::plan
