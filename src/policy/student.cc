// policy: Student's t and F through the incomplete beta function, see student.h.
#include "policy/student.h"

#include <algorithm>
#include <cmath>

namespace joulery {
namespace {

// Beyond it Student's t is the normal distribution to five digits.
constexpr double kManyDof = 1e6;
constexpr double kTiny = 1e-300;

double not_zero(double value) { return std::abs(value) < kTiny ? kTiny : value; }

/// The continued fraction of the incomplete beta function (DLMF 8.17.22) by the method of Lentz.
double beta_fraction(double x, double a, double b) {
  constexpr int kMostTerms = 1000;
  constexpr double kPrecision = 1e-14;
  double c = 1;
  double d = 1 / not_zero(1 - (a + b) * x / (a + 1));
  double value = d;
  for (int m = 1; m <= kMostTerms; ++m) {
    const double n = m;
    const double even = n * (b - n) * x / ((a + 2 * n - 1) * (a + 2 * n));
    const double odd = -(a + n) * (a + b + n) * x / ((a + 2 * n) * (a + 2 * n + 1));
    double step = 1;
    for (const double term : {even, odd}) {
      d = 1 / not_zero(1 + term * d);
      c = not_zero(1 + term / c);
      step = c * d;
      value *= step;
    }
    if (std::abs(step - 1) < kPrecision) break;
  }
  return value;
}

/// The regularised incomplete beta function I_x(a, b).
double incomplete_beta(double x, double a, double b) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) +
                                a * std::log(x) + b * std::log1p(-x));
  // The fraction converges fast below the mean alone: DLMF 8.17.4 turns the other side round.
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(x, a, b) / a;
  return 1 - front * beta_fraction(1 - x, b, a) / b;
}

}  // namespace

double f_tail(double ratio, double dof_above, double dof_below) {
  if (!(ratio > 0)) return 1;
  return incomplete_beta(dof_below / (dof_below + dof_above * ratio), dof_below / 2, dof_above / 2);
}

double student_quantile(double p, double dof) {
  const double nu = std::min(dof, kManyDof);
  const auto below = [nu](double t) {
    return 1 - 0.5 * incomplete_beta(nu / (nu + t * t), nu / 2, 0.5);
  };
  double low = 0;
  double high = 2;
  while (below(high) < p && high < 1e9) high *= 2;
  constexpr int kHalvings = 40;  // to 1e-12 of the quantile
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = (low + high) / 2;
    (below(middle) < p ? low : high) = middle;
  }
  return high;
}

}  // namespace joulery
