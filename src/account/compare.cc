// account: the difference of two runs. Errors that both runs share cancel, see docs/uncertainty.md.
#include <algorithm>
#include <cmath>
#include <map>

#include "joulery/account.h"

namespace joulery {
namespace {

// A board's gain drifts between two runs: 0.2 to 0.3 % between workloads on one board in Yang,
// Adamek, Armour (SC24, arXiv 2312.02741); twice that, to be safe.
constexpr double kDrift = 0.005;
constexpr double kCoverageApart = 0.01;

struct Pair {
  const ComponentAccount* a;
  const ComponentAccount* b;
};

/// Gain and offset belong to the sensor, so to both runs on it. A model's error depends on what
/// ran: it stays.
bool is_common(const std::string& term) {
  return term.ends_with("sensor gain") || term == "sensor offset";
}

struct Terms {
  double common_a = 0;
  double common_b = 0;
};

/// The budgets of both runs, summed up: common terms by name, all else in quadrature.
struct Joint {
  std::vector<Terms> common;  ///< one for each component and term
  std::map<std::string, double>
      difference_by_name;  ///< of common terms, boards taken as fully correlated
  double own_a = 0;        ///< variances, J^2
  double own_b = 0;
};

void add_pair(const Pair& pair, Joint& joint) {
  std::map<std::string, Terms> shared;
  const auto gather = [&](const ComponentAccount& account, double Terms::*side, double& own) {
    for (const Contribution& term : account.budget) {
      if (is_common(term.what)) {
        shared[term.what].*side = term.u.count();
      } else {
        own += term.u.count() * term.u.count();
      }
    }
  };
  gather(*pair.a, &Terms::common_a, joint.own_a);
  gather(*pair.b, &Terms::common_b, joint.own_b);
  for (const auto& [name, terms] : shared) {
    joint.common.push_back(terms);
    joint.difference_by_name[name] += terms.common_b - terms.common_a;
  }
}

Estimate<double> plain(const Estimate<Joules>& e) {
  if (!e) return Estimate<double>::missing(e.why);
  return Estimate<double>::of(e.value->count(), e.u.count(), e.evidence, e.top, e.coverage);
}

Estimate<double> derived(double value, double u, const Comparison::Row& row, std::string top) {
  return Estimate<double>::of(value, u, std::max(row.a.evidence, row.b.evidence), std::move(top),
                              std::min(row.a.coverage, row.b.coverage));
}

/// Nothing is shared: both uncertainties count.
void put_independent(Comparison::Row& row) {
  const double a = *row.a.value;
  const double b = *row.b.value;
  const std::string top = row.a.u > row.b.u ? row.a.top : row.b.top;
  row.change = derived(b - a, std::hypot(row.a.u, row.b.u), row, top);
  if (a <= 0) {
    row.ratio = Estimate<double>::missing("the first run's value is zero");
    return;
  }
  row.ratio = derived(b / a - 1, std::hypot(row.b.u / a, row.a.u * b / (a * a)), row, top);
}

/// Variances by what they come from; the largest names the whole.
struct Variances {
  double own = 0;
  double drift = 0;
  double common = 0;

  [[nodiscard]] double u() const { return std::sqrt(own + drift + common); }
  [[nodiscard]] const char* top() const {
    if (common > own && common > drift) return "sensor gain, shared differently";
    return drift > own ? "sensor drift" : "own noise of each run";
  }
};

/// Same boards: a gain error moves both runs alike, and leaves their ratio but for a change in how
/// the boards share.
void put_common(const Joint& joint, Comparison::Row& row) {
  const double a = *row.a.value;
  const double b = *row.b.value;
  Variances change{.own = joint.own_a + joint.own_b, .drift = kDrift * kDrift * b * b};
  for (const auto& [name, difference] : joint.difference_by_name)
    change.common += difference * difference;
  row.change = derived(b - a, change.u(), row, change.top());
  row.common_cancelled = !joint.common.empty();  // a model's error does not cancel
  if (a <= 0 || b <= 0) {
    row.ratio = Estimate<double>::missing("a value is zero");
    return;
  }
  Variances ratio{.own = joint.own_a / (a * a) + joint.own_b / (b * b), .drift = kDrift * kDrift};
  for (const Terms& terms : joint.common) {
    const double left = terms.common_b / b - terms.common_a / a;
    ratio.common += left * left;
  }
  row.ratio = derived(b / a - 1, ratio.u() * b / a, row, ratio.top());
}

Comparison::Row row_of(const std::string& what, const Estimate<Joules>& a,
                       const Estimate<Joules>& b) {
  Comparison::Row row{
      .what = what, .unit = "J", .a = plain(a), .b = plain(b), .change = {}, .ratio = {}};
  if (!a || !b) {
    const std::string why = what + " is missing in " + (a ? "the second" : "the first") + " run";
    row.change = Estimate<double>::missing(why);
    row.ratio = Estimate<double>::missing(why);
  }
  return row;
}

Comparison::Row duration_row(const Account& a, const Account& b) {
  const auto seconds = [](const Estimate<Seconds>& t) {
    if (!t) return Estimate<double>::missing(t.why);
    return Estimate<double>::of(t.value->count(), t.u.count(), t.evidence, t.top, t.coverage);
  };
  Comparison::Row row{.what = "duration",
                      .unit = "s",
                      .a = seconds(a.duration),
                      .b = seconds(b.duration),
                      .change = {},
                      .ratio = {}};
  if (row.a && row.b) put_independent(row);
  return row;
}

const ComponentAccount* find(const Account& account, const std::string& id) {
  for (const ComponentAccount& component : account.components) {
    if (component.id == id) return &component;
  }
  return nullptr;
}

/// Components of both runs, and notes on those of one only.
std::vector<Pair> pair_up(const Account& a, const Account& b, std::vector<std::string>& notes) {
  std::vector<Pair> pairs;
  for (const ComponentAccount& component : a.components) {
    if (const ComponentAccount* other = find(b, component.id)) {
      pairs.push_back({&component, other});
    } else {
      notes.push_back("different boards: " + component.id + " is in the first run only");
    }
  }
  for (const ComponentAccount& component : b.components) {
    if (find(a, component.id) == nullptr) {
      notes.push_back("different boards: " + component.id + " is in the second run only");
    }
  }
  return pairs;
}

Comparison::Row component_row(const Pair& pair, std::vector<std::string>& notes) {
  Comparison::Row row = row_of(pair.a->id, pair.a->energy, pair.b->energy);
  if (!row.a || !row.b) return row;
  if (std::abs(row.a.coverage - row.b.coverage) > kCoverageApart)
    notes.push_back("coverage differs: " + row.what);
  if (pair.a->source != pair.b->source) {
    notes.push_back("different sensors: " + row.what + " (" + pair.a->source + ", " +
                    pair.b->source + ")");
    put_independent(row);
    return row;
  }
  Joint joint;
  add_pair(pair, joint);
  put_common(joint, row);
  return row;
}

/// The sums share their errors only where every counted part is the same board behind the same
/// sensor.
bool same_parts(const Account& a, const Account& b) {
  const auto covers = [](const Account& x, const Account& y) {
    return std::all_of(x.components.begin(), x.components.end(), [&](const ComponentAccount& c) {
      if (c.part_of || !c.energy) return true;
      const ComponentAccount* other = find(y, c.id);
      return other != nullptr && other->energy && other->source == c.source;
    });
  };
  return covers(a, b) && covers(b, a);
}

Comparison::Row total_row(const Account& a, const Account& b, const std::vector<Pair>& pairs) {
  Comparison::Row row = row_of("it_energy", a.it_energy, b.it_energy);
  if (!row.a || !row.b) return row;
  if (!same_parts(a, b)) {
    put_independent(row);
    return row;
  }
  Joint joint;
  for (const Pair& pair : pairs) {
    if (!pair.a->part_of) add_pair(pair, joint);
  }
  put_common(joint, row);
  return row;
}

}  // namespace

Comparison compare_accounts(const Account& a, const Account& b) {
  Comparison comparison;
  const std::vector<Pair> pairs = pair_up(a, b, comparison.notes);
  comparison.rows.push_back(duration_row(a, b));
  comparison.rows.push_back(total_row(a, b, pairs));
  for (const Pair& pair : pairs) comparison.rows.push_back(component_row(pair, comparison.notes));
  return comparison;
}

}  // namespace joulery
