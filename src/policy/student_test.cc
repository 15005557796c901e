// policy: quantiles against published tables.
#include "policy/student.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace joulery {
namespace {

// NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2.
TEST(StudentQuantile, IsThatOfTheTables) {
  EXPECT_NEAR(student_quantile(0.95, 1), 6.314, 5e-4);
  EXPECT_NEAR(student_quantile(0.975, 2), 4.303, 5e-4);
  EXPECT_NEAR(student_quantile(0.95, 5), 2.015, 5e-4);
  EXPECT_NEAR(student_quantile(0.99, 12), 2.681, 5e-4);
  EXPECT_NEAR(student_quantile(0.975, 100), 1.984, 5e-4);
}

TEST(StudentQuantile, IsNormalForManyDegreesOfFreedom) {
  EXPECT_NEAR(student_quantile(0.975, 1e5), 1.95996, 1e-4);
  EXPECT_NEAR(student_quantile(0.975, std::numeric_limits<double>::infinity()), 1.95996, 1e-4);
}

// Of the same handbook, 1.3.6.7.3: F(0.05; 3, 10) = 3.708, F(0.01; 2, 10) = 7.559.
TEST(FTail, IsThatOfTheTables) {
  EXPECT_NEAR(f_tail(3.708, 3, 10), 0.05, 1e-4);
  EXPECT_NEAR(f_tail(7.559, 2, 10), 0.01, 1e-4);
  EXPECT_EQ(f_tail(0, 3, 10), 1);
}

}  // namespace
}  // namespace joulery
