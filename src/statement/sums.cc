// statement: sums over runs, see sums.h.
#include "statement/sums.h"

#include <array>
#include <cmath>
#include <string_view>

namespace joulery::statement {
namespace {

// The terms of a budget that a run draws anew. An alias is not among them: the same job meets the
// same sensor in the same way every time.
constexpr std::array<std::string_view, 3> kOwnTerms = {"window edge", "reading noise", "gaps"};

bool is_own(const std::string& term) {
  return std::find(kOwnTerms.begin(), kOwnTerms.end(), term) != kOwnTerms.end();
}

}  // namespace

double own_u(const Account& run) {
  double square = 0;
  for (const ComponentAccount& component : run.components) {
    if (!component.energy || component.part_of) continue;
    for (const Contribution& term : component.budget)
      if (is_own(term.what)) square += term.u.count() * term.u.count();
  }
  return std::min(std::sqrt(square), run.it_energy.u.count());
}

Estimate<Joules> add_energy(const Runs& runs) {
  std::vector<Estimate<Joules>> shared;
  double own_square = 0;
  for (const Account* run : runs) {
    if (!run->it_energy) continue;
    const double own = own_u(*run);
    const double whole = run->it_energy.u.count();
    own_square += own * own;
    shared.push_back(run->it_energy);
    shared.back().u = Joules(std::sqrt(std::max(whole * whole - own * own, 0.0)));
  }
  if (shared.empty())
    return Estimate<Joules>::missing(runs.empty() ? "there are no runs"
                                                  : runs.front()->it_energy.why);
  Estimate<Joules> sum = add_linearly(shared);
  sum.u = Joules(std::hypot(sum.u.count(), std::sqrt(own_square)));
  // Where a run has no shared part, what dominates is told by its own account.
  if (shared.size() == 1)
    for (const Account* run : runs)
      if (run->it_energy) sum.top = run->it_energy.top;
  return sum;
}

}  // namespace joulery::statement
