// simulate: sums over stretches of time against sums made second by second.
#include "simulate/signals.h"

#include <gmock/gmock.h>

#include "simulate/made_workload.h"

namespace joulery::simulate {
namespace {

TEST(Signals, AddUpLikeThePiecesOneByOne) {
  std::mt19937_64 random(1);
  PlaceSignals place;
  place.intensity = hourly(random_values(100, 0, 600, random));
  place.pue = hourly(random_values(100, 1, 1.7, random), Values::kPue);
  place.price = hourly(random_values(100, -1, 3, random), Values::kPrice);
  const Signals signals = signals_of(place);
  ASSERT_EQ(signals.pieces(), 100u);

  for (int trial = 0; trial < 1000; ++trial) {
    const auto draw = [&] {
      return std::uniform_int_distribution<std::int64_t>(0, 360'000)(random);
    };
    std::int64_t begin = draw(), end = draw();
    if (begin > end) std::swap(begin, end);
    PerWatt expected;
    for (std::size_t i = 0; i < 100; ++i) {
      const auto first = static_cast<std::int64_t>(i) * 3600;
      const auto seconds = static_cast<double>(
          std::max<std::int64_t>(0, std::min(end, first + 3600) - std::max(begin, first)));
      const double pue = place.pue->pieces[i].value;
      expected += PerWatt{1, pue, pue * place.intensity.pieces[i].value,
                          pue * place.price->pieces[i].value} *
                  seconds;
    }

    const PerWatt sum =
        signals.over(kYear + std::chrono::seconds(begin), kYear + std::chrono::seconds(end));
    EXPECT_NEAR(sum.seconds, expected.seconds, 1e-6);
    EXPECT_NEAR(sum.site, expected.site, 1e-6);
    EXPECT_NEAR(sum.carbon, expected.carbon, 1e-3);
    EXPECT_NEAR(sum.money, expected.money, 1e-5);
  }
}

TEST(Signals, OfSeriesOfDifferentStepsHoldThePartThatAllKnow) {
  PlaceSignals place;
  place.intensity = hourly({100, 200, 300, 400});
  place.pue = Series{};
  place.pue->source = "pue.csv";
  place.pue->pieces = {{kYear, kYear + std::chrono::minutes(90), 1.5},
                       {kYear + std::chrono::minutes(90), kYear + hours(3), 1.25}};
  const Signals signals = signals_of(place);
  EXPECT_EQ(signals.pieces(), 4u);
  EXPECT_EQ(signals.end(), kYear + hours(3));
  EXPECT_DOUBLE_EQ(signals.over(kYear + hours(1), kYear + hours(2)).carbon,
                   200 * (1.5 + 1.25) * 1800);
}

TEST(Signals, TellWhichSeriesEndsTooEarly) {
  PlaceSignals place;
  place.intensity = hourly({1, 2, 3});
  place.pue = hourly({1, 1}, Values::kPue);
  place.pue->source = "pue.csv, column site";
  const auto signals = Signals::make(place, kYear, kYear + hours(3));
  ASSERT_FALSE(signals);
  EXPECT_THAT(signals.error().message,
              testing::AllOf(testing::StartsWith("pue.csv, column site: nothing is known from "
                                                 "2022-01-01T02:00:00"),
                             testing::HasSubstr("--at")));
}

TEST(Signals, RefuseABeginBeforeTheSeriesAndAGap) {
  PlaceSignals place;
  place.intensity = hourly({1, 2, 3});
  EXPECT_THAT(Signals::make(place, kYear - hours(1), kYear + hours(1)).error().message,
              testing::HasSubstr("before 2022-01-01T00:00:00"));
  place.intensity.pieces.erase(place.intensity.pieces.begin() + 1);
  EXPECT_THAT(Signals::make(place, kYear, kYear + hours(3)).error().message,
              testing::HasSubstr("from 2022-01-01T01:00:00"));
}

TEST(Signals, ThatDrawLessPowerScaleEverySum) {
  PlaceSignals place;
  place.intensity = hourly({100, 200});
  const Signals half = signals_of(place).with_power({1, 0.5});
  const PerWatt sum = half.over(kYear, kYear + hours(2));
  EXPECT_DOUBLE_EQ(sum.seconds, 3600 * 1.5);
  EXPECT_DOUBLE_EQ(sum.carbon, 3600 * (100 + 100));
}

}  // namespace
}  // namespace joulery::simulate
