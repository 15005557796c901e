#include <gmock/gmock.h>

#include <sstream>

#include "base/text.h"
#include "base/utf8.h"
#include "joulery/report.h"
#include "report/sample_account.h"
#include "report/text_table.h"

namespace joulery {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

/// The same run again, which used a little less than its own uncertainty can tell.
Account slightly_less(Account account) {
  account.duration.value = *account.duration.value - Seconds(1e-9);
  account.it_energy.value = *account.it_energy.value - Joules(1e-3);
  for (ComponentAccount& component : account.components)
    if (component.energy) component.energy.value = *component.energy.value - Joules(1e-3);
  return account;
}

Account named(std::string id) {
  Account account = sample_account();
  account.job.id = std::move(id);
  return account;
}

template <class Write>
std::string compared(Write write, const Account& a, const Account& b) {
  std::ostringstream out;
  write(a, b, out);
  return out.str();
}

TEST(Comparison, OfTwoRunsIsComputedAndWritten) {
  const Account a = named("run-a");
  Account b = named("run-b");
  b.duration.value = Seconds(624.8);

  const std::string text = compared(write_comparison_text, a, b);
  const std::string json = compared(write_comparison_json, a, b);

  EXPECT_THAT(text, HasSubstr("  100.00000 \u00b1 "));  // twice the duration
  EXPECT_THAT(text, HasSubstr("cpu/0/package"));
  EXPECT_THAT(json, HasSubstr("\"what\": \"it_energy\""));
  EXPECT_THAT(json, HasSubstr("\"common_cancelled\": false"));
}

TEST(Comparison, CutsNoNumberWhereNamesAreLong) {
  const Account a = named("run-a");
  Account b = named("run-b");
  b.duration.value = Seconds(123456.789);

  const std::string text = compared(write_comparison_text, a, b);

  EXPECT_THAT(text, Not(HasSubstr("..")));
  EXPECT_THAT(text, HasSubstr("\n" + a.components[0].id + "\n"));  // on a line of its own
  for (const std::string_view line : split(text, '\n')) EXPECT_LE(width_of(line), kTextColumns);
}

TEST(Comparison, PrintsNoMinusBeforeAZero) {
  const Account a = named("run-a");
  Account b = slightly_less(named("run-b"));
  EXPECT_THAT(compared(write_comparison_text, a, b),
              Not(ContainsRegex("-0(\\.0+)?([^.0-9]|\n|$)")));

  Account zero = a;
  zero.components[0].energy.value = Joules(0);
  b.components[0].energy.value = Joules(-0.0);
  EXPECT_THAT(compared(write_comparison_json, zero, b), Not(HasSubstr(" -0,")));
  EXPECT_THAT(compared(write_comparison_text, zero, b),
              Not(ContainsRegex("-0(\\.0+)?([^.0-9]|\n|$)")));
}

}  // namespace
}  // namespace joulery
