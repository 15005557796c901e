#include "report/flag_text.h"

#include <gmock/gmock.h>

#include <sstream>

#include "joulery/report.h"
#include "report/sample_account.h"

namespace joulery {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

// Every flag that sensors, readers of logs and the account set.
constexpr const char* kSet[] = {"sensor_disagree", "counter_reset",
                                "counter_frozen",  "counter-coverage-unknown",
                                "spike",           "gap",
                                "aliased",         "sensor_lost",
                                "simulated",       "foreign_processes",
                                "module-scope",    "mig-parent",
                                "platform-scope",  "windows-only",
                                "process-scope",   "single-core",
                                "vm-share",        "default-tdp",
                                "unknown-model",   "clock_step",
                                "lower_bound",     "incomplete"};

TEST(FlagText, ExplainsEveryFlagInASentencePartAndNamesIt) {
  for (const std::string flag : kSet) {
    const std::string text = explained_flag(flag);

    EXPECT_THAT(text, EndsWith(" (" + flag + ")"));
    EXPECT_GT(text.size(), flag.size() + 20) << flag;
  }
}

TEST(FlagText, PrintsAFlagOfAnotherVersionAsItIs) {
  EXPECT_EQ(explained_flag("of-tomorrow"), "of-tomorrow");
  EXPECT_EQ(explained_flag("\x1b[2J"), "\\x1b[2J");
}

TEST(FlagText, StandsOnceInTheReportWithTheComponentsThatItIsAbout) {
  Account account = sample_account();
  account.components[0].flags = account.components[1].flags = {"counter-coverage-unknown"};
  std::ostringstream out;

  write_account_text(account, out);

  const std::string text = out.str();
  const std::size_t first = text.find("25 ms");
  ASSERT_NE(first, std::string::npos) << text;
  EXPECT_EQ(text.find("25 ms", first + 1), std::string::npos) << text;
  EXPECT_THAT(text, HasSubstr("(counter-coverage-unknown)"));
}

}  // namespace
}  // namespace joulery
