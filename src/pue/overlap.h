// pue: where stretches of two lists of time meet.
#pragma once

#include <algorithm>
#include <vector>

#include "joulery/units.h"

namespace joulery {

/// Calls `visit(a, b, begin, end)` for each pair of stretches that have [begin, end) in common.
/// Both lists are in order and without overlap within themselves. Linear.
template <class A, class B, class Visit>
void for_each_overlap(const std::vector<A>& as, const std::vector<B>& bs, Visit visit) {
  auto a = as.begin();
  auto b = bs.begin();
  while (a != as.end() && b != bs.end()) {
    const WallTime begin = std::max(a->begin, b->begin);
    const WallTime end = std::min(a->end, b->end);
    if (begin < end) visit(*a, *b, begin, end);
    if (a->end < b->end)
      ++a;
    else
      ++b;
  }
}

}  // namespace joulery
