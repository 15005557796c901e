// lease: what is said to the guard and by it.
#include <gmock/gmock.h>

#include "lease/guard.h"
#include "lease/guard_start.h"

namespace joulery {
namespace {

using Words = std::vector<std::string>;

TEST(GuardWords, TellWhomToWatch) {
  const auto words = parse_guard_words(
      {"watch", "--dir", "/run/x", "--lease", "00000000000000ff", "--holder", "12:345"});

  ASSERT_TRUE(words);
  EXPECT_FALSE(words->hold);
  EXPECT_EQ(words->lease, 255u);
  EXPECT_EQ(words->holder, (ProcessIdentity{12, 345}));
}

TEST(GuardWords, TellWhatToHold) {
  const auto words =
      parse_guard_words({"hold", "--dir", "/run/x", "--seconds", "7200.000000", "--uid", "1000",
                         "--command", "joulery cap set", "--cap", "gpu/GPU-a/board=150000000"});

  ASSERT_TRUE(words);
  EXPECT_TRUE(words->hold);
  EXPECT_EQ(words->lifetime, Seconds(7200));
  ASSERT_EQ(words->caps.size(), 1u);
  EXPECT_EQ(words->caps[0].device, "gpu/GPU-a/board");
  EXPECT_EQ(words->caps[0].cap, Watts(150));
}

TEST(GuardWords, AreRefusedWhereTheyAreNotWhole) {
  for (const Words& words : {Words{}, Words{"watch"}, Words{"stop"}, Words{"watch", "--dir"},
                             Words{"watch", "--dir", "run", "--lease", "1", "--holder", "1:1"},
                             Words{"watch", "--dir", "/run", "--lease", "0", "--holder", "1:1"},
                             Words{"watch", "--dir", "/run", "--lease", "1", "--holder", "-1:1"},
                             Words{"watch", "--dir", "/run", "--lease", "1", "--else", "1"},
                             Words{"hold", "--dir", "/run", "--seconds", "nan", "--cap", "a=1"},
                             Words{"hold", "--dir", "/run", "--seconds", "5", "--cap", "a=0"},
                             Words{"hold", "--dir", "/run", "--seconds", "5", "--cap", "a"},
                             Words{"hold", "--dir", "/run", "--seconds", "5"}})
    EXPECT_FALSE(parse_guard_words(words)) << testing::PrintToString(words);
}

TEST(GuardReport, IsReadBack) {
  const auto ok = parse_report("ok 12:345");
  const auto failed = parse_report("error 1 /run/x: cannot open: Permission denied");

  ASSERT_TRUE(ok);
  EXPECT_EQ(*ok, (ProcessIdentity{12, 345}));
  EXPECT_EQ(failed.error().code, ErrorCode::kDenied);
  EXPECT_EQ(failed.error().message, "/run/x: cannot open: Permission denied");
  for (const char* line : {"", "ok", "ok x", "error", "error 99 x", "no"})
    EXPECT_FALSE(parse_report(line)) << line;
}

}  // namespace
}  // namespace joulery
