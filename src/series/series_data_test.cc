// series: recorded years and months, against sums made here from their text.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "base/text.h"
#include "joulery/series.h"

namespace joulery {
namespace {

class RealSeries : public testing::Test {
 protected:
  void SetUp() override {
    const char* const data = std::getenv("JOULERY_TEST_DATA");
    if (data == nullptr) GTEST_SKIP() << "JOULERY_TEST_DATA names no folder of real series";
    folder_ = std::string(data) + "/carbon/";
  }

  [[nodiscard]] Series read(const std::string& file) const {
    SeriesRequest request;
    request.file = folder_ + file;
    request.flag = "--series";
    const auto series = read_series(request);
    if (!series) ADD_FAILURE() << series.error().message;
    return series ? *series : Series();
  }

  [[nodiscard]] double sum_of(const std::string& file, std::size_t column) const {
    std::ifstream in(folder_ + file);
    double sum = 0;
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line)) sum += *parse_number(split(line, ',')[column]);
    return sum;
  }

  std::string folder_;
};

double grams_per_kwh(const Series& series) {
  double sum = 0;
  for (const SeriesPiece& piece : series.pieces) sum += piece.value;
  return sum * kJoulesPerKilowattHour;
}

TEST_F(RealSeries, AYearThatLacksItsLastHour) {
  const Series series = read("zones_2022_hourly.csv:US-CAL-CISO");

  ASSERT_EQ(series.pieces.size(), 8759U);
  EXPECT_EQ(format_time(series.pieces.back().end), "2022-12-31T23:00:00.000Z");
  EXPECT_NEAR(grams_per_kwh(series), sum_of("zones_2022_hourly.csv", 5), 1e-3);
  EXPECT_EQ(series.kind, "");
}

// Means of the columns in g/kWh, by Python's csv and sum() over the recorded file.
TEST_F(RealSeries, TheMeansOfSixZones) {
  const std::vector<std::pair<std::string, double>> means = {
      {"DE", 481.4851}, {"FR", 99.4518},           {"GB", 234.8140},
      {"ES", 211.4726}, {"US-CAL-CISO", 264.2316}, {"US-TEX-ERCO", 401.8113}};
  for (const auto& [zone, mean] : means) {
    const Series series = read("zones_2022_hourly.csv:" + zone);
    ASSERT_EQ(series.pieces.size(), 8759U) << zone;
    EXPECT_NEAR(grams_per_kwh(series) / 8759, mean, 1e-4) << zone;
    EXPECT_TRUE(series.notes.size() == 1) << zone;  // the unit, which the heading does not name
  }
}

TEST_F(RealSeries, AMonthInStepsOfFiveMinutes) {
  const Series series = read("watttime_example.csv");

  EXPECT_EQ(format_time(series.pieces[0].begin), "2023-06-08T00:00:00.000Z");
  for (const SeriesPiece& piece : series.pieces)
    ASSERT_EQ(piece.end - piece.begin, std::chrono::minutes(5)) << format_time(piece.begin);
  EXPECT_NEAR(grams_per_kwh(series), sum_of("watttime_example.csv", 1), 1e-3);
}

}  // namespace
}  // namespace joulery
