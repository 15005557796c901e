#include "report/number.h"

#include <gtest/gtest.h>

namespace joulery {
namespace {

Estimate<double> number(double value, double u = 0) {
  return Estimate<double>::of(value, u, Evidence::kMeasured);
}

TEST(ThreeDigits, RoundsToThreeAndNoMore) {
  EXPECT_EQ(three_digits(number(211.49)), "211");
  EXPECT_EQ(three_digits(number(0.7714)), "0.771");
  EXPECT_EQ(three_digits(number(4.636)), "4.64");
  EXPECT_EQ(three_digits(number(123456)), "123000");
  EXPECT_EQ(three_digits(number(-98.76)), "-98.8");
}

TEST(ThreeDigits, GainsNoDigitWhereRoundingCarries) {
  EXPECT_EQ(three_digits(number(9.996)), "10.0");
  EXPECT_EQ(three_digits(number(0.99951)), "1.00");
  EXPECT_EQ(three_digits(number(99.96)), "100");
  EXPECT_EQ(three_digits(number(9996)), "10000");
}

TEST(ThreeDigits, OfNothingIsZeroWithoutASign) {
  EXPECT_EQ(three_digits(number(0)), "0");
  EXPECT_EQ(three_digits(number(-0.0)), "0");
  EXPECT_EQ(three_digits(number(-1e-12)), "0.000000000");
  EXPECT_EQ(three_digits(Estimate<double>::missing("no sensor")), "-");
}

TEST(PlusMinus, HasNoSignBeforeAZero) {
  EXPECT_EQ(plus_minus(number(-0.0004, 0.06)), "0.00 \u00b1 0.12");
  EXPECT_EQ(plus_minus(number(-0.0), "%"), "0 %");
  EXPECT_EQ(rounded(number(-3, 600)), "0");
}

}  // namespace
}  // namespace joulery
