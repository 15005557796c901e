// report: the parts of a project's account as text; project_text.cc puts them together.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "joulery/project.h"

namespace joulery {

/// "239942 h", "12.5 h".
std::string hours_text(double hours);
/// "103175 USD", "5.02 USD"; with +- where it is not exact; "-" where it is missing.
std::string money_text(const Estimate<Money>& money, const std::string& currency);
/// "103175 to 350315 USD".
std::string range_text(const CostRange& cost, const std::string& currency);
/// In its own unit, "-" where it is missing; ">= " before a lower bound.
std::string energy_text(const JobTotals& totals);

/// A table of totals, a line a row: what each is, jobs, hours, and what else is known of any.
struct TotalsRow {
  std::vector<std::string> key;
  std::string jobs;
  const JobTotals* totals;
};
void write_totals_table(const std::vector<std::string>& heads, const std::vector<TotalsRow>& rows,
                        const std::string& currency, std::ostream& out);
/// At most `most` groups of it; says how many are left out.
void write_grouping(const JobGrouping& grouping, std::size_t most, const std::string& currency,
                    std::ostream& out);
/// Devices in use, Table 4, roles, own hardware.
void write_development(const ProjectAccount& account, std::ostream& out);
/// Power and prices that were used, rules that settled something, lines that were skipped.
void write_project_remarks(const ProjectAccount& account, std::ostream& out);

}  // namespace joulery
