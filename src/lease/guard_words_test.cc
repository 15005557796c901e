// lease: what is said to the guard and by it.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

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

TEST(GuardWords, TellWhoMayTakeItsTime) {
  const Words words{"watch", "--dir", "/run", "--lease", "00000000000000ff", "--holder", "12:345"};
  Words patient = words;
  patient.insert(patient.end(), {"--patient", "1"});

  EXPECT_FALSE(parse_guard_words(words)->patient);
  EXPECT_TRUE(parse_guard_words(patient)->patient);
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
  for (const Words& words :
       {Words{}, Words{"watch"}, Words{"stop"}, Words{"watch", "--dir"},
        Words{"watch", "--dir", "run", "--lease", "0000000000000001", "--holder", "1:1"},
        Words{"watch", "--dir", "/run", "--lease", "0000000000000000", "--holder", "1:1"},
        Words{"watch", "--dir", "/run", "--lease", "0000000000000001", "--holder", "-1:1"},
        Words{"watch", "--dir", "/run", "--lease", "0000000000000001", "--else", "1"},
        Words{"hold", "--dir", "/run", "--seconds", "nan", "--cap", "a=1"},
        Words{"hold", "--dir", "/run", "--seconds", "5", "--cap", "a=0"},
        Words{"hold", "--dir", "/run", "--seconds", "5", "--cap", "a"},
        Words{"hold", "--dir", "/run", "--seconds", "5"}})
    EXPECT_FALSE(parse_guard_words(words)) << testing::PrintToString(words);
}

TEST(GuardWords, AreRefusedWhereANumberIsNotWholeOrNotWithinItsRange) {
  const auto watch = [](const char* lease) {
    return parse_guard_words({"watch", "--dir", "/run", "--lease", lease, "--holder", "1:1"});
  };
  const auto hold = [](const char* flag, const char* value) {
    Words words{"hold", "--dir", "/run", "--seconds", "5", "--uid", "0", "--cap", "a=1"};
    *(std::find(words.begin(), words.end(), flag) + 1) = value;
    return parse_guard_words(words);
  };
  EXPECT_TRUE(watch("00000000000000ff"));
  EXPECT_TRUE(hold("--uid", "4294967294"));

  for (const char* lease :
       {"ff", "-1", "00000000000000fg", " 0000000000000ff", "00000000000000ff0"})
    EXPECT_FALSE(watch(lease)) << lease;
  for (const char* uid : {"-1", "4294967295", "4294967296"})
    EXPECT_FALSE(hold("--uid", uid)) << uid;
  for (const char* seconds : {"1e300", "2592001", "-5", "0"})
    EXPECT_FALSE(hold("--seconds", seconds)) << seconds;
}

TEST(GuardEnvironment, HasPathsThatHoldElsewhereToo) {
  const std::string here = std::filesystem::current_path();

  EXPECT_EQ(absolute_paths("/opt/lib:standin:"), "/opt/lib:" + here + "/standin:" + here + "/.");
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
