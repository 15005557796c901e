// pue: the fit finds the terms that made the hours, its errors are as large as it says, and it
// refuses what tells nothing.
#include <gtest/gtest.h>

#include <numbers>
#include <random>

#include "pue/hinge_fit.h"
#include "pue/hours.h"
#include "pue/made_readings.h"

namespace joulery {
namespace {

using std::chrono::hours;

struct Truth {
  double a = 0.03, b = 0.05, k = 0.02, knee = 15;
  double capacity = 500e3;
  double noise = 0;      ///< of an hour
  double day_noise = 0;  ///< common to a day
};

double temperature_at(std::size_t hour) {
  const double day = static_cast<double>(hour) / 24;
  return 10 - 14 * std::cos(2 * std::numbers::pi * day / 366) -
         7 * std::cos(2 * std::numbers::pi * (day - 0.1));
}
double load_at(std::size_t hour) {
  return 300e3 + 150e3 * std::sin(static_cast<double>(hour) / 37);
}

/// Hourly meters and temperatures of `days` from 1 January 2020.
PueReadings made_year(const Truth& truth, std::size_t days, unsigned seed = 1) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  double of_day = 0;
  auto it =
      made_series(SeriesMeasure::kPower, "it_w", "2020-01-01T00:00Z", hours(1), 24 * days, load_at);
  auto facility =
      made_series(SeriesMeasure::kPower, "facility_w", "2020-01-01T00:00Z", hours(1), 24 * days,
                  [&](std::size_t i) {
                    if (i % 24 == 0) of_day = truth.day_noise * normal(random);
                    const double above = std::max(0.0, temperature_at(i) - truth.knee);
                    const double rest = of_day + truth.noise * normal(random);
                    return load_at(i) * (truth.a + truth.k * above + rest + 0.2 * truth.noise) +
                           truth.b * truth.capacity;
                  });
  PueReadings readings = made_meters(std::move(it), std::move(facility));
  readings.temperature = made_series(SeriesMeasure::kTemperature, "wet_bulb_c", "2020-01-01T00:00Z",
                                     hours(1), 24 * days, temperature_at);
  return readings;
}

Result<PueModel> fitted(const PueReadings& readings, std::optional<Watts> capacity = {}) {
  JOULERY_TRY(const PueProfile profile, profile_of(readings, utc, 0.0));
  return fit_pue_model(profile, capacity);
}

TEST(PueModel, FindsTheTermsThatMadeTheHours) {
  const auto model = fitted(made_year({}, 366), Watts(500e3));

  ASSERT_TRUE(model) << model.error().message;
  EXPECT_NEAR(model->a, 0.03, 1e-6);
  EXPECT_NEAR(model->b, 0.05, 1e-6);
  EXPECT_NEAR(model->k, 0.02, 1e-6);
  EXPECT_NEAR(model->knee_c, 15, 1e-3);
  EXPECT_LT(model->predicted_sd, 1e-5);
  EXPECT_EQ(model->block_days, 7);
  EXPECT_EQ(model->blocks, 53u);
  EXPECT_EQ(model->temperature, "wet_bulb_c");
}

TEST(PueModel, TheLargestHourIsTheCapacityWhereNoneIsGiven) {
  const auto model = fitted(made_year({}, 60));

  ASSERT_TRUE(model) << model.error().message;
  EXPECT_NEAR(model->capacity->count(), 450e3, 100);
  EXPECT_NEAR(model->greatest_load, 1, 1e-12);
  EXPECT_NEAR(model->b * model->capacity->count(), 0.05 * 500e3, 10);
}

TEST(PueModel, DaysThatErrTogetherAreLeftOutTogether) {
  const auto white = fitted(made_year({.noise = 0.02}, 366), Watts(500e3));
  const auto daily = fitted(made_year({.day_noise = 0.02}, 366), Watts(500e3));

  ASSERT_TRUE(white && daily);
  EXPECT_NEAR(white->residual_sd, 0.02, 0.001);
  EXPECT_NEAR(daily->predicted_sd, 0.02, 0.003);
  // A week's mean keeps what its seven days have in common, hours that err alone average out.
  EXPECT_LT(white->block_sd, 0.004);
  EXPECT_GT(daily->block_sd, 0.006);
  EXPECT_GT(daily->covariance[0][0], 9 * white->covariance[0][0]);
}

TEST(PueModel, UncertaintiesHoldTheTruthThatMadeTheHours) {
  const Truth truth{.day_noise = 0.02};
  int inside = 0;
  constexpr int kTrials = 40;
  for (unsigned seed = 1; seed <= kTrials; ++seed) {
    const auto model = fitted(made_year(truth, 120, seed), Watts(500e3));
    ASSERT_TRUE(model);
    const auto marginal = model->marginal(10);
    inside += std::abs(*marginal.value - (1 + truth.a)) <= 2 * marginal.u ? 1 : 0;
  }
  // Of 40 trials at 95 %: 33 or fewer come with a probability of 1 in 500.
  EXPECT_GE(inside, 34);
}

TEST(PueModel, MarginalIsBelowAverageByWhatIsDrawnAnyway) {
  const auto model = fitted(made_year({}, 366), Watts(500e3));
  ASSERT_TRUE(model);

  const auto average = model->predict(25, Watts(250e3));
  const auto marginal = model->marginal(25);

  EXPECT_NEAR(*average.value, 1 + 0.03 + 0.05 / 0.5 + 0.02 * 10, 1e-4);
  EXPECT_NEAR(*marginal.value, 1 + 0.03 + 0.02 * 10, 1e-4);
  EXPECT_EQ(average.evidence, Evidence::kModelled);
  // The slope of the site's draw over that of the IT.
  const auto site = [&](double watts) { return watts * *model->predict(25, Watts(watts)).value; };
  EXPECT_NEAR((site(251e3) - site(249e3)) / 2e3, *marginal.value, 1e-6);
}

TEST(PueModel, IsLessSureBeyondWhatItHasSeen) {
  const auto model = fitted(made_year({.noise = 0.01}, 366), Watts(500e3));
  ASSERT_TRUE(model);

  const auto seen = model->predict(20, Watts(300e3));
  const auto warmer = model->predict(model->greatest_c + 10, Watts(300e3));
  const auto emptier = model->predict(20, Watts(50e3));

  EXPECT_NEAR(seen.u, model->predicted_sd, 1e-12);
  EXPECT_NEAR(warmer.u, std::hypot(model->predicted_sd, 0.5 * 10 * model->k), 1e-9);
  EXPECT_EQ(warmer.top, "beyond what the fit has seen");
  EXPECT_GT(emptier.u, 2 * seen.u);
  EXPECT_FALSE(model->predict(20, Watts(0)));
  EXPECT_FALSE(model->predict(20, Watts(9e9)));
  EXPECT_FALSE(model->predict(1000, Watts(300e3)));
  EXPECT_TRUE(model->predict(20));
}

TEST(PueModel, WithoutALoadNothingIsSaidOfTheMargin) {
  PueReadings readings = made_year({.b = 0}, 60);
  for (SeriesPiece& piece : readings.it->pieces) {
    const double scale = 300e3 / piece.value;
    readings.facility->pieces[static_cast<std::size_t>(&piece - readings.it->pieces.data())]
        .value *= scale;
    piece.value = 300e3;
  }
  const auto model = fitted(readings);

  ASSERT_TRUE(model) << model.error().message;
  EXPECT_FALSE(model->capacity);
  EXPECT_EQ(model->b, 0);
  EXPECT_NEAR(model->a, 0.03, 1e-6);
  EXPECT_FALSE(model->marginal(20));
  EXPECT_TRUE(model->predict(20));
}

TEST(PueModel, RefusesHoursThatTellTooLittle) {
  PueReadings readings = made_year({}, 3);
  const auto few = fitted(readings);
  ASSERT_FALSE(few);
  EXPECT_EQ(few.error().code, ErrorCode::kInvalid);
  EXPECT_NE(few.error().message.find("72 hours on 3 days"), std::string::npos);

  readings.temperature.reset();
  EXPECT_NE(fitted(readings).error().message.find("no hour"), std::string::npos);
}

TEST(PueModel, TermsAreNeverNegative) {
  // A PUE that falls with the temperature, and with the reciprocal of the load.
  const auto it =
      made_series(SeriesMeasure::kPower, "it_w", "2020-01-01T00:00Z", hours(1), 24 * 30, load_at);
  auto facility = it;
  for (std::size_t i = 0; i < facility.pieces.size(); ++i)
    facility.pieces[i].value *= 0.5 - 0.01 * temperature_at(i) - 2e4 / load_at(i);
  PueReadings readings = made_meters(it, facility);
  readings.temperature = made_series(SeriesMeasure::kTemperature, "t", "2020-01-01T00:00Z",
                                     hours(1), 24 * 30, temperature_at);
  const auto model = fitted(readings);

  ASSERT_TRUE(model);
  EXPECT_EQ(model->k, 0);
  EXPECT_EQ(model->b, 0);
  EXPECT_GT(model->a, 0);
}

TEST(PueSeries, FollowsTheForecastOfTheWeatherAndTheLoad) {
  const auto model = fitted(made_year({}, 366), Watts(500e3));
  ASSERT_TRUE(model);
  Series weather = made_series(SeriesMeasure::kTemperature, "t", "2021-07-01T00:00Z", hours(3), 8,
                               [](std::size_t i) { return i < 4 ? 10. : 25.; });
  weather.forecast = true;
  const Series load = made_series(SeriesMeasure::kPower, "it_w", "2021-07-01T06:00Z", hours(1), 12,
                                  [](std::size_t i) { return i == 0 ? 0. : 250e3; });

  const auto pue = pue_series(*model, weather, load);

  ASSERT_TRUE(pue) << pue.error().message;
  EXPECT_TRUE(pue->forecast);
  EXPECT_EQ(pue->measure, SeriesMeasure::kPue);
  ASSERT_EQ(pue->pieces.size(), 11u);  // the hour without load has no PUE
  EXPECT_EQ(pue->pieces.front().begin, at("2021-07-01T07:00Z"));
  EXPECT_NEAR(pue->pieces.front().value, 1.13, 1e-4);
  EXPECT_NEAR(pue->pieces.back().value, 1.33, 1e-4);
  ASSERT_EQ(pue->errors.size(), 2u);
  EXPECT_FALSE(pue->errors[0].same_at_all_times);  // of the fit: by the hour
  EXPECT_TRUE(pue->errors[1].same_at_all_times);
  const auto last = model->predict(25, Watts(250e3));
  EXPECT_NEAR(pue->errors[0].u.back(), std::sqrt(last.u * last.u - model->meter_u * model->meter_u),
              1e-12);
  EXPECT_EQ(pue->errors[1].u.back(), 0);  // ready ratios: no meters
  EXPECT_EQ(pue_series(*model, weather)->pieces.size(), 8u);

  weather.pieces.resize(1);
  EXPECT_FALSE(pue_series(*model, weather, load));
}

TEST(HingeFit, IsNoWorseThanAFineScan) {
  std::mt19937 random(7);
  std::normal_distribution<double> normal;
  for (int trial = 0; trial < 50; ++trial) {
    std::vector<HingeRow> rows;
    for (int i = 0; i < 60; ++i)
      rows.push_back({10 * normal(random), 1 + std::abs(normal(random)), normal(random), 0});
    std::sort(rows.begin(), rows.end(), [](auto& a, auto& b) { return a.t < b.t; });
    const HingeFit fit = fit_hinge(rows, true);
    const auto squares = [&](const HingeFit& of) {
      double sum = 0;
      for (const HingeRow& row : rows) sum += std::pow(row.y - of.at(row), 2);
      return sum;
    };
    EXPECT_NEAR(fit.squares, squares(fit), 1e-9);
    for (const double term : fit.terms) EXPECT_GE(term, 0);
    // Any other point that is allowed is no better.
    for (int other = 0; other < 2000; ++other) {
      HingeFit moved = fit;
      for (double& term : moved.terms) term = std::max(0.0, term + 0.05 * normal(random));
      if (other % 2 == 0) moved.knee += 0.3 * normal(random);
      EXPECT_GE(squares(moved), fit.squares - 1e-9);
    }
  }
}

}  // namespace
}  // namespace joulery
