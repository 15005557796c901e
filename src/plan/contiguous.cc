// plan: the best window of one length, see contiguous.h.
#include "plan/contiguous.h"

#include <algorithm>

#include "plan/moments.h"

namespace joulery::plan {
namespace {

class Best {
 public:
  explicit Best(double resolution) : resolution_(resolution) {}
  void consider(WallTime start, double cost) {
    if (found_ && cost >= cost_ - resolution_) return;
    found_ = true;
    start_ = start;
    cost_ = cost;
  }
  [[nodiscard]] std::optional<JobWindow> window(Micros length) const {
    if (!found_) return {};
    JobWindow out;
    out.slots = {{start_, start_ + length}};
    out.cost = cost_;
    return out;
  }

 private:
  double resolution_;
  bool found_ = false;
  WallTime start_{};
  double cost_ = 0;
};

/// The starts within one stretch without gaps, from piece `i`, which holds the first of them.
void slide(const RateCurve& curve, const WindowBounds& bounds, std::size_t i, Best& best) {
  const auto& pieces = curve.pieces();
  const std::size_t end = curve.last_without_gap(i);
  const WallTime last = std::min(bounds.last, pieces[end].end - bounds.length);
  WallTime start = std::max(bounds.first, pieces[i].begin);
  if (start > last) return;
  std::size_t j = std::min(curve.piece_after(start + bounds.length), end);
  while (true) {
    best.consider(start, curve.integral_up_to(j, start + bounds.length) -
                             curve.integral_up_to(i, start) +
                             bounds.start_load_s * pieces[i].value);
    if (start >= last) return;
    start = std::min({last, pieces[i].end, pieces[j].end - bounds.length});
    while (i < end && pieces[i].end <= start) ++i;
    while (j < end && pieces[j].end <= start + bounds.length) ++j;
  }
}

}  // namespace

std::optional<JobWindow> best_contiguous(const RateCurve& curve, const WindowBounds& bounds) {
  Best best(curve.resolution());
  std::size_t i = curve.piece_after(bounds.first);
  while (i < curve.pieces().size() && curve.pieces()[i].begin <= bounds.last) {
    slide(curve, bounds, i, best);
    i = curve.last_without_gap(i) + 1;
  }
  return best.window(bounds.length);
}

std::optional<double> profile_integral(const RateCurve& curve, WallTime start,
                                       const std::vector<LoadStep>& profile) {
  double sum = 0;
  Seconds offset{0};
  for (const LoadStep& step : profile) {
    const WallTime begin = start + micros(offset);
    offset += step.length;
    const auto part = curve.integral(begin, start + micros(offset));
    if (!part) return {};
    sum += step.share * *part;
  }
  return sum;
}

std::optional<JobWindow> best_with_profile(const RateCurve& curve, const WindowBounds& bounds,
                                           const std::vector<LoadStep>& profile) {
  std::vector<WallTime> starts{bounds.first, bounds.last};
  const auto add = [&](WallTime start) {
    if (start > bounds.first && start < bounds.last) starts.push_back(start);
  };
  for (const SeriesPiece& piece : curve.pieces()) {
    Seconds offset{0};
    add(piece.begin);
    for (const LoadStep& step : profile) {
      offset += step.length;
      add(piece.begin - micros(offset));
      add(piece.end - micros(offset));
    }
  }
  std::sort(starts.begin(), starts.end());
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  Best best(curve.resolution());
  for (const WallTime start : starts)
    if (const auto cost = profile_integral(curve, start, profile))
      best.consider(start,
                    *cost + bounds.start_load_s * curve.pieces()[curve.piece_after(start)].value);
  return best.window(bounds.length);
}

}  // namespace joulery::plan
