// coverage: shares and their chance, see tally.h.
#include "coverage/tally.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace joulery::coverage {
namespace {

/// P(k hits in n trials of chance p).
double chance(int n, int k, double p) {
  const double ways = std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1);
  return std::exp(ways + k * std::log(p) + (n - k) * std::log1p(-p));
}

}  // namespace

void Tally::add(const Outcome& outcome) {
  const double error = outcome.energy.value->count() - outcome.truth;
  const double half_width = 2 * outcome.energy.u.count();
  ++trials;
  if (std::abs(error) <= half_width) ++covered;
  const double relative = half_width / outcome.energy.value->count();
  half_widths += relative;
  widest = std::max(widest, relative);
  errors += error / outcome.truth;
}

void Table::print() const {
  std::printf("%-28s %7s %9s %11s %9s %9s\n", title_.c_str(), "trials", "covered", "+- mean",
              "widest", "bias");
  for (const auto& [name, tally] : rows_)
    std::printf("%-28s %7d %7.1f %% %9.2f %% %7.2f %% %7.2f %%\n", name.c_str(), tally.trials,
                100 * tally.share(), 100 * tally.half_widths / tally.trials, 100 * tally.widest,
                100 * tally.errors / tally.trials);
}

int least_hits(int n, double p, double rare) {
  double below = 0;
  for (int k = 0; k <= n; ++k)
    if ((below += chance(n, k, p)) >= rare) return k;
  return n;
}

int most_hits(int n, double p, double rare) { return n - least_hits(n, 1 - p, rare); }

}  // namespace joulery::coverage
