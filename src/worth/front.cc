// worth: the Pareto front, see joulery/worth.h.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "joulery/worth.h"

namespace joulery {

Result<Better> parse_better(std::string_view text, std::string_view where, ErrorCode code) {
  if (text == "higher") return Better::kHigher;
  if (text == "lower") return Better::kLower;
  return Error{code, fmt::format("{}: \"{}\" is neither higher nor lower", where, text)};
}

std::vector<bool> front_of(const std::vector<WorthPoint>& points, WorthAxis axis, Better better) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < points.size(); ++i)
    if (points[i].*axis) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (points[a].*axis != points[b].*axis) return points[a].*axis < points[b].*axis;
    return is_better(points[a].metric, points[b].metric, better);
  });
  std::vector<bool> on(points.size(), false);
  const WorthPoint* last = nullptr;  // the best of those that take less
  for (const std::size_t i : order) {
    const WorthPoint& point = points[i];
    const bool same = last != nullptr && point.metric == last->metric && point.*axis == last->*axis;
    if (last != nullptr && !same && !is_better(point.metric, last->metric, better)) continue;
    on[i] = true;
    last = &point;
  }
  return on;
}

std::vector<FrontPoint> fronts_of(const std::vector<WorthPoint>& points, Better better) {
  const auto energy = front_of(points, &WorthPoint::energy_j, better);
  const auto carbon = front_of(points, &WorthPoint::carbon_g, better);
  const auto cost = front_of(points, &WorthPoint::cost, better);
  std::vector<FrontPoint> out;
  for (std::size_t i = 0; i < points.size(); ++i)
    out.push_back({points[i], false, energy[i], carbon[i], cost[i]});
  return out;
}

}  // namespace joulery
