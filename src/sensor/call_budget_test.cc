// sensor: a sensor whose reads have become expensive is read less often.
#include "sensor/call_budget.h"

#include <gtest/gtest.h>

namespace joulery {
namespace {

int reads_in(CallBudget& budget, int ticks, Micros cost) {
  int reads = 0;
  for (int i = 0; i < ticks; ++i) {
    if (!budget.due()) continue;
    ++reads;
    budget.spent(cost);
  }
  return reads;
}

TEST(CallBudget, ReadsEachTickWhileReadsAreCheap) {
  CallBudget budget;

  EXPECT_EQ(reads_in(budget, 1000, Micros(900)), 1000);
}

TEST(CallBudget, ForgivesOneSlowReadInAHundred) {
  CallBudget budget;
  for (int i = 0; i < 10; ++i) {
    reads_in(budget, 99, Micros(900));
    reads_in(budget, 1, Micros(90'000));
  }

  EXPECT_EQ(budget.stride(), 1u);
}

TEST(CallBudget, LeavesOutTicksWhileReadsAreSlowAndComesBack) {
  CallBudget budget;

  reads_in(budget, 100, Micros(30'000));
  EXPECT_EQ(budget.stride(), 2u);
  EXPECT_EQ(reads_in(budget, 100, Micros(30'000)), 50);
  reads_in(budget, 10'000, Micros(30'000));
  EXPECT_EQ(budget.stride(), 8u);

  reads_in(budget, 10'000, Micros(900));
  EXPECT_EQ(budget.stride(), 1u);
}

}  // namespace
}  // namespace joulery
