#include "ledger/run_id.h"

#include <gtest/gtest.h>

namespace joulery {
namespace {

constexpr WallTime kSecond{std::chrono::sys_days{std::chrono::year{2026} / 11 / 25} +
                           std::chrono::hours(15) + std::chrono::minutes(34) +
                           std::chrono::seconds(12)};

TEST(RunId, TellsTheSecondAndSortsWithinIt) {
  EXPECT_EQ(run_id(kSecond, 0), "20261125T153412-000000");
  EXPECT_EQ(run_id(kSecond + Micros(999'999), 36 * 36 - 1), "20261125T153412-zz00zz");
  EXPECT_LT(run_id(kSecond, 0xffffffff), run_id(kSecond + Micros(1000), 0));
  EXPECT_LT(run_id(kSecond + Micros(999'999), 0xffffffff), run_id(kSecond + Micros(1'000'000), 0));
}

TEST(RunId, OfOneProcessRisesHoweverFastTheyAreMade) {
  std::string last;
  for (int i = 0; i < 100; ++i) {
    const std::string id = make_run_id();
    EXPECT_TRUE(is_run_id(id)) << id;
    EXPECT_LT(last.substr(0, 18), id.substr(0, 18));  // the random digits have no say in it
    last = id;
  }
}

TEST(RunId, TakesTheNextTickWhereTheClockStandsOrGoesBack) {
  const std::string first = run_id(kSecond + Micros(999'900), 35);

  EXPECT_EQ(next_tick(kSecond + Micros(500), kSecond), kSecond + Micros(772));  // 1 s / 1296, up
  EXPECT_EQ(next_tick(kSecond + Micros(800), kSecond), kSecond + Micros(800));
  EXPECT_EQ(next_tick(kSecond - std::chrono::hours(1), kSecond), kSecond + Micros(772));
  EXPECT_LT(first, run_id(next_tick(kSecond, kSecond + Micros(999'900)), 0));
}

TEST(RunId, IsToldFromOtherText) {
  EXPECT_TRUE(is_run_id("20261125T153412-k3x9qa"));
  for (const char* text :
       {"", "20261125T153412-k3x9q", "20261125T153412-k3x9qaa", "20261125T153412-K3x9qa",
        "20261125t153412-k3x9qa", "2026112_T153412-k3x9qa", "20261125T153412_k3x9qa"})
    EXPECT_FALSE(is_run_id(text)) << text;
}

}  // namespace
}  // namespace joulery
