// pue: the fit of a knee, see hinge_fit.h.
#include "pue/hinge_fit.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

namespace joulery {
namespace {

using Vector = std::array<double, 3>;
using Matrix = std::array<Vector, 3>;

/// Sums over rows; those of the rows above a knee come from the sums of the rows up to each.
struct HingeSums {
  double n = 0, x = 0, t = 0, y = 0, xx = 0, xt = 0, xy = 0, tt = 0, ty = 0, yy = 0;

  void add(const HingeRow& row, double t0) {
    const double from = row.t - t0;
    n += 1;
    x += row.x;
    t += from;
    y += row.y;
    xx += row.x * row.x;
    xt += row.x * from;
    xy += row.x * row.y;
    tt += from * from;
    ty += from * row.y;
    yy += row.y * row.y;
  }
};

/// The normal equations: of |y - F p|^2 = yy - 2 p.right + p.left.p.
struct Equations {
  Matrix left{};
  Vector right{};
  double yy = 0;

  [[nodiscard]] double squares(const Vector& p) const {
    double sum = yy;
    for (std::size_t i = 0; i < 3; ++i) {
      sum -= 2 * p[i] * right[i];
      for (std::size_t j = 0; j < 3; ++j) sum += p[i] * left[i][j] * p[j];
    }
    return std::max(sum, 0.0);
  }
};

/// Gauss-Jordan on the terms of `used`. Empty where they cannot be told apart.
std::optional<Vector> solve(const Equations& equations, const std::array<bool, 3>& used) {
  // Of what a column keeps once the others are taken out of it: below, rounding is all there is.
  constexpr double kLeastPivot = 1e-10;
  Matrix left = equations.left;
  Vector right = equations.right;
  for (std::size_t i = 0; i < 3; ++i) {
    if (!used[i]) continue;
    if (!(left[i][i] > kLeastPivot * equations.left[i][i])) return std::nullopt;
    for (std::size_t row = 0; row < 3; ++row) {
      if (row == i || !used[row]) continue;
      const double factor = left[row][i] / left[i][i];
      for (std::size_t j = 0; j < 3; ++j) left[row][j] -= factor * left[i][j];
      right[row] -= factor * right[i];
    }
  }
  Vector p{};
  for (std::size_t i = 0; i < 3; ++i)
    if (used[i]) p[i] = right[i] / left[i][i];
  return p;
}

/// The best point without a negative term is the free optimum of one of the eight sets of terms.
HingeFit best_of(const Equations& equations, bool with_load, double knee) {
  HingeFit best{{}, knee, equations.yy};
  for (unsigned set = 1; set < 8; ++set) {
    const std::array<bool, 3> used = {(set & 1U) != 0, (set & 2U) != 0, (set & 4U) != 0};
    if (used[1] && !with_load) continue;
    const auto p = solve(equations, used);
    if (!p || std::any_of(p->begin(), p->end(), [](double term) { return term < 0; })) continue;
    const double squares = equations.squares(*p);
    if (squares < best.squares) best = {*p, knee, squares};
  }
  return best;
}

class HingeSearch {
 public:
  HingeSearch(const std::vector<HingeRow>& rows, bool with_load)
      : rows_(rows), with_load_(with_load) {
    from_.resize(rows.size() + 1);
    // From the warmest: sums over the rows from each on. Temperatures count from their middle, so
    // that squares of them stay small.
    for (std::size_t i = rows.size(); i-- > 0;) {
      from_[i] = from_[i + 1];
      from_[i].add(rows[i], middle());
    }
  }
  [[nodiscard]] HingeFit run() const;

 private:
  [[nodiscard]] double middle() const { return (rows_.front().t + rows_.back().t) / 2; }
  [[nodiscard]] HingeFit at(double knee) const;

  const std::vector<HingeRow>& rows_;
  const bool with_load_;
  std::vector<HingeSums> from_;
};

HingeFit HingeSearch::at(double knee) const {
  const auto above = std::upper_bound(rows_.begin(), rows_.end(), knee,
                                      [](double t, const HingeRow& row) { return t < row.t; });
  const HingeSums& all = from_.front();
  const HingeSums& warm = from_[static_cast<std::size_t>(above - rows_.begin())];
  const double c = knee - middle();
  const double h = warm.t - c * warm.n;
  const double xh = warm.xt - c * warm.x;
  const double hh = warm.tt - 2 * c * warm.t + c * c * warm.n;
  const double yh = warm.ty - c * warm.y;
  return best_of({{Vector{all.n, all.x, h}, Vector{all.x, all.xx, xh}, Vector{h, xh, hh}},
                  {all.y, all.xy, yh},
                  all.yy},
                 with_load_, knee);
}

HingeFit HingeSearch::run() const {
  // Scanned first, because the sum of squares may have several valleys; then the golden section,
  // down to less than a thousandth of a scan's step.
  constexpr int kSteps = 200, kSections = 15;
  const double least = rows_.front().t;
  const double step = (rows_.back().t - least) / kSteps;
  HingeFit best = at(least);
  for (int i = 1; i < kSteps; ++i)
    if (const HingeFit fit = at(least + i * step); fit.squares < best.squares) best = fit;
  double low = std::max(least, best.knee - step), high = best.knee + step;
  for (int i = 0; i < kSections; ++i) {
    const double section = (high - low) / std::numbers::phi;
    const HingeFit left = at(high - section), right = at(low + section);
    (left.squares < right.squares ? high : low) =
        left.squares < right.squares ? right.knee : left.knee;
    for (const HingeFit& fit : {left, right})
      if (fit.squares < best.squares) best = fit;
  }
  return best;
}

}  // namespace

double HingeFit::at(const HingeRow& row) const {
  return terms[0] + terms[1] * row.x + terms[2] * std::max(0.0, row.t - knee);
}

HingeFit fit_hinge(const std::vector<HingeRow>& rows, bool with_load) {
  return HingeSearch(rows, with_load).run();
}

}  // namespace joulery
