#include "ledger/run_id.h"

#include <gtest/gtest.h>

#include <set>

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

TEST(RunId, DiffersFromRunToRun) {
  std::set<std::string> ids;
  for (int i = 0; i < 100; ++i) ids.insert(make_run_id());

  EXPECT_GE(ids.size(), 99u);  // one pair in 1.7 million meets
  for (const std::string& id : ids) EXPECT_TRUE(is_run_id(id)) << id;
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
