// policy: what tables and sweeps share: the points of a choice, in order, and what each of them
// is beside the baseline.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "joulery/policy.h"

namespace joulery {

/// Relative: below it two numbers of a table are the same, but for the rounding of its own digits.
inline constexpr double kRounding = 1e-9;

inline bool is_positive(double value) { return std::isfinite(value) && value > 0; }

/// Marks the points that no other beats in both time and energy. Those without changes are left
/// out.
void mark_frontier(std::vector<CapPoint>& points);
/// The same of a sweep: of changes, which have no drift, and beyond their uncertainties alone.
void mark_sweep_frontier(std::vector<CapPoint>& points);

/// Mean power of one device.
Watts draw_of(const CapPoint& point, int devices);

/// Fills in binding, obeyed and cap_inert, with their notes. The points have their means;
/// those of a sweep `inert` too. `draw_u`: relative, of each point's power; empty: not known.
void compare_with_caps(CapChoice& choice, int devices, const std::vector<double>& draw_u);

/// "150 W", "87.5 W".
std::string watts_text(Watts power);

}  // namespace joulery
