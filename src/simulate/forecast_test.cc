// simulate: forecasts against what their model says of them.
#include "simulate/forecast.h"

#include <gtest/gtest.h>

#include "simulate/made_workload.h"

namespace joulery::simulate {
namespace {

constexpr std::size_t kLongHours = 40'000;

const Signals& long_signals() {
  static const Signals signals = signals_of(place_of(hourly(std::vector<double>(kLongHours, 1))));
  return signals;
}

/// The errors that forecasts of that age have, made at each hour.
std::vector<double> errors_after(const Forecasts& forecasts, int age) {
  const std::vector<double> ones(kLongHours, 1);
  std::vector<double> errors;
  for (std::size_t i = 0; i + 100 < kLongHours; i += 3) {
    const WallTime release = kYear + hours(i);
    const auto seen = forecasts.seen(ones, release, release + hours(age + 1));
    errors.push_back(seen.at(static_cast<std::size_t>(age)).value - 1);
  }
  return errors;
}

double deviation(const std::vector<double>& errors) {
  double sum = 0;
  for (const double error : errors) sum += error * error;
  return std::sqrt(sum / static_cast<double>(errors.size()));
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum / static_cast<double>(a.size()) / deviation(a) / deviation(b);
}

TEST(Forecasts, GrowWorseWithTimeUpToTheirSize) {
  const Forecasts forecasts(long_signals(), 0.1, hours(24), 5);
  EXPECT_FALSE(forecasts.is_white());
  EXPECT_DOUBLE_EQ(deviation(errors_after(forecasts, 0)), 0);
  for (const int age : {1, 6, 24, 72})
    EXPECT_NEAR(deviation(errors_after(forecasts, age)), 0.1 * std::sqrt(1 - std::exp(-age / 12.0)),
                0.008)
        << age;
}

TEST(Forecasts, AreWrongInTheSameDirectionForHours) {
  const Forecasts forecasts(long_signals(), 0.1, hours(24), 6);
  const auto after_a_day = errors_after(forecasts, 24);
  EXPECT_GT(correlation(after_a_day, errors_after(forecasts, 25)), 0.9);
  EXPECT_LT(correlation(after_a_day, errors_after(forecasts, 96)), 0.2);
}

TEST(Forecasts, WithoutMemoryAreWhiteAndTheSameForAll) {
  const Forecasts forecasts(long_signals(), 0.1, Seconds(0), 7);
  EXPECT_TRUE(forecasts.is_white());
  std::vector<double> errors = forecasts.seen(std::vector<double>(kLongHours, 1));
  for (double& error : errors) error -= 1;
  EXPECT_NEAR(deviation(errors), 0.1, 0.003);
  const std::vector<double> first(errors.begin(), errors.end() - 1),
      next(errors.begin() + 1, errors.end());
  EXPECT_NEAR(correlation(first, next), 0, 0.03);
  // The mean of |z| of a normal distribution is sqrt(2 / pi) = 0.798 standard deviations.
  EXPECT_NEAR(forecasts.mean_error({}, {}), 0.0798, 0.002);
}

TEST(Forecasts, AreTheSameForTheSameSeed) {
  const std::vector<double> ones(kLongHours, 1);
  const auto at = [&](std::uint64_t seed) {
    return Forecasts(long_signals(), 0.1, hours(24), seed)
        .seen(ones, kYear, kYear + hours(50))
        .back()
        .value;
  };
  EXPECT_EQ(at(8), at(8));
  EXPECT_NE(at(8), at(9));
}

TEST(Forecasts, TellTheMeanErrorOfWhatJobsLookAt) {
  const Forecasts forecasts(long_signals(), 0.1, hours(24), 10);
  std::vector<MovableJob> jobs;
  for (int i = 0; i < 2000; ++i) jobs.push_back({kYear + hours(17 * i), hours(1), 1, Watts(1)});
  const double near = forecasts.mean_error(jobs, hours(3)),
               far = forecasts.mean_error(jobs, hours(96));
  EXPECT_LT(near, 0.04);
  EXPECT_GT(far, 0.06);
  EXPECT_LT(far, 0.0798);
}

}  // namespace
}  // namespace joulery::simulate
