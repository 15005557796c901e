// report: compares two runs, then writes the difference.
#include "report/comparison.h"

#include "joulery/report.h"

namespace joulery {

void write_comparison_text(const Account& a, const Account& b, std::ostream& out) {
  write_comparison_text(a, b, compare_accounts(a, b), out);
}

void write_comparison_json(const Account& a, const Account& b, std::ostream& out) {
  write_comparison_json(a, b, compare_accounts(a, b), out);
}

}  // namespace joulery
