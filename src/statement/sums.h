// statement: sums over runs, whose errors are partly the same.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "account/product.h"
#include "joulery/account.h"

namespace joulery::statement {

using Runs = std::vector<const Account*>;

/// Standard uncertainty, in J, of what this run alone has: window edges, reading noise, gaps.
double own_u(const Account& run);

/// Energy of the runs that have one. Missing where none has.
Estimate<Joules> add_energy(const Runs& runs);

/// Sum of what is known, uncertainties added linearly. Missing where `parts` is empty; the caller
/// leaves out what is missing, or says why the sum is.
template <class T>
Estimate<T> add_linearly(const std::vector<Estimate<T>>& parts) {
  if (parts.empty()) return Estimate<T>::missing("nothing to add up");
  double sum = 0, u = 0, seen = 0, weight = 0;
  Evidence worst = Evidence::kMeasured;
  std::map<std::string, double> tops;
  for (const Estimate<T>& part : parts) {
    const double value = account::number_of(*part.value);
    const double part_u = account::number_of(part.u);
    sum += value;
    u += part_u;
    seen += std::abs(value) * part.coverage;
    weight += std::abs(value);
    worst = std::max(worst, part.evidence);
    tops[part.top] += part_u;
  }
  const auto top = std::max_element(
      tops.begin(), tops.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return Estimate<T>::of(T(sum), T(u), worst, top->first, weight > 0 ? seen / weight : 1);
}

}  // namespace joulery::statement
