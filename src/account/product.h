// account: products of independent estimates.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>

#include "joulery/units.h"

namespace joulery::account {

inline double number_of(double x) { return x; }
inline double number_of(Seconds t) { return t.count(); }
template <class Kind>
double number_of(Quantity<Kind> q) {
  return q.count();
}

/// Product of independent quantities that are both known: relative uncertainties in quadrature,
/// written so that a zero factor is harmless. `name_of_b`: what `top` says where b dominates.
template <class Out, class A, class B>
Estimate<Out> times(const Estimate<A>& a, const Estimate<B>& b, const std::string& name_of_b) {
  const double x = number_of(*a.value);
  const double y = number_of(*b.value);
  const double from_a = std::abs(y) * number_of(a.u);
  const double from_b = std::abs(x) * number_of(b.u);
  return Estimate<Out>::of(Out(x * y), Out(std::hypot(from_a, from_b)),
                           std::max(a.evidence, b.evidence), from_b > from_a ? name_of_b : a.top,
                           a.coverage);
}

}  // namespace joulery::account
