// plan: how uncertain a saving is: what moves both runs alike cancels, and what does not counts.
#pragma once

#include <optional>
#include <vector>

#include "plan/errors.h"

namespace joulery::plan {

/// What a run takes of one term of the objective.
struct TermTotal {
  double weight = 1;
  Total total;
};

/// Standard uncertainty, in percent of running now, of 100 (1 - the weighted mean of planned /
/// now); empty where all that is uncertain cancels. Both have the same terms. Each uncertain thing
/// is taken by itself through a rectangle of its standard uncertainty, so that a ratio that does
/// not follow in a straight line is told true; what they do together, beyond that, is left out.
std::optional<double> saving_u_pct(const std::vector<TermTotal>& now,
                                   const std::vector<TermTotal>& planned, bool same_place);

}  // namespace joulery::plan
