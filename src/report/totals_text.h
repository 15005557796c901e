// report: what accounts and estimates end in, as text: energy, carbon, money, each with its basis.
#pragma once

#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

#include "joulery/account.h"
#include "report/number.h"

namespace joulery {

struct Totals {
  Estimate<Joules> it_energy;
  std::vector<std::string> includes, excludes;
  bool lower_bound = false;  ///< parts could not be seen: everything is "at least"
  Place place;
  Estimate<Joules> site_energy;
  Estimate<GramsCo2> carbon;
  Estimate<Money> electricity_cost;
  CostRange cloud_cost;
};

/// A line each.
void write_totals(const Totals& totals, Scale energy, std::ostream& out);

/// What is missing and what would give it, each reason once: a PUE that is not known takes three
/// lines with it.
class MissingList {
 public:
  void note(const std::string& what, bool known, const std::string& why);
  void note(const Totals& totals);
  /// Nothing where nothing is missing.
  void write(std::ostream& out) const;

 private:
  std::vector<std::pair<std::string, std::string>> missing_;  ///< why, what
};

}  // namespace joulery
