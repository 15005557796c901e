// plan: the best window of one length, over all moments at which it may start.
#pragma once

#include <optional>

#include "joulery/plan.h"

namespace joulery::plan {

/// A window of `length`, and when it may start.
struct WindowBounds {
  WallTime first{}, last{};
  Micros length{};
  double start_load_s = 0;  ///< drawn where it begins, as seconds of full load
};

/// The window of least cost, the earliest of equal ones; empty where none is known throughout.
/// The cost is linear in the start between moments at which the start or the end passes from one
/// piece to the next, so that its least is at one of these, or at a bound. O(pieces). With a
/// start_load_s all starts but those just before a change of the rate.
std::optional<JobWindow> best_contiguous(const RateCurve& curve, const WindowBounds& bounds);

/// The same of a load that varies: also the moments at which one of its steps passes from one piece
/// to the next are tried. O(pieces x steps^2 x log pieces).
std::optional<JobWindow> best_with_profile(const RateCurve& curve, const WindowBounds& bounds,
                                           const std::vector<LoadStep>& profile);
/// The integral of rate and load from `start` on; empty where a part of it is not known.
std::optional<double> profile_integral(const RateCurve& curve, WallTime start,
                                       const std::vector<LoadStep>& profile);

}  // namespace joulery::plan
