// account: sums of energies whose errors are partly common, see budget.h.
#include <algorithm>
#include <cmath>
#include <map>

#include "account/budget.h"

namespace joulery::account {
namespace {

struct Family {
  std::vector<double> terms;
  double correlation = 0;
};

/// Variance of each kind of term over all parts. Gains are correlated within a family, and what a
/// rise of power hides is common to all; the rest is independent.
std::map<std::string, double> variance_by_term(const std::vector<Part>& parts) {
  std::map<std::string, double> variance;
  std::map<std::pair<std::string, std::string>, Family> families;
  double rise = 0;
  for (const Part& part : parts) {
    const Accuracy& accuracy = part.channel->accuracy;
    for (const Contribution& term : part.window->budget) {
      if (term.what == kRiseTerm) {
        rise += term.u.count();
        continue;
      }
      const bool shared = term.what == gain_term(*part.channel) && !accuracy.family.empty();
      if (shared) {
        Family& family = families[{term.what, accuracy.family}];
        family.terms.push_back(term.u.count());
        family.correlation = accuracy.correlation;
      } else {
        variance[term.what] += term.u.count() * term.u.count();
      }
    }
  }
  variance[kRiseTerm] = rise * rise;
  for (const auto& [key, family] : families) {
    const double u = correlated(family.terms, family.correlation);
    variance[key.first] += u * u;
  }
  return variance;
}

}  // namespace

double correlated(const std::vector<double>& terms, double correlation) {
  double sum = 0;
  double squares = 0;
  for (const double u : terms) {
    sum += u;
    squares += u * u;
  }
  return std::sqrt(std::max(squares + correlation * (sum * sum - squares), 0.0));
}

Estimate<Joules> add_up(const std::vector<Part>& parts) {
  if (parts.empty()) return Estimate<Joules>::missing("no component's energy could be seen");
  double sum = 0;
  double seen = 0;
  double coverage = 0;
  Evidence worst = Evidence::kMeasured;
  for (const Part& part : parts) {
    const Estimate<Joules>& energy = part.window->energy;
    const double joules = energy.value->count();
    sum += joules;
    seen += std::abs(joules) * energy.coverage;
    coverage += std::abs(joules);
    worst = std::max(worst, energy.evidence);
  }
  double variance = 0;
  std::pair<std::string, double> top;
  for (const auto& [what, term] : variance_by_term(parts)) {
    variance += term;
    if (term > top.second) top = {what, term};
  }
  // Parts of no energy at all weigh nothing: then the plain mean of their coverage is as good as
  // any.
  double plain = 0;
  for (const Part& part : parts) plain += part.window->energy.coverage;
  const double share = coverage > 0 ? seen / coverage : plain / static_cast<double>(parts.size());
  return Estimate<Joules>::of(Joules(sum), Joules(std::sqrt(variance)), worst, top.first, share);
}

}  // namespace joulery::account
