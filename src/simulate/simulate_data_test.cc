// simulate: a published study's own means of shifting, over every hour of a year in six zones.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>

#include "base/text.h"
#include "simulate/made_workload.h"

namespace joulery::simulate {
namespace {

/// A job of 1 kW released at every hour of the year at which it can still end.
Workload every_hour(std::size_t starts, Micros length) {
  Workload workload;
  workload.source = "every hour";
  workload.unit = "GPUs";
  for (std::size_t i = 0; i < starts; ++i)
    workload.jobs.push_back({kYear + hours(i), length, 1, Watts(1000)});
  return workload;
}

// The study saw one hour more than its table holds, the last of the year. Each is found here from
// the mean of interruptible jobs of 24 h; the other three means of shifting of its zone then
// follow.
const std::map<std::string, double> kLastHour = {{"DE", 210.72},          {"FR", 47.16},
                                                 {"GB", 93.74},           {"ES", 102.41},
                                                 {"US-CAL-CISO", 275.14}, {"US-TEX-ERCO", 352.57}};

// The study is umassos/decarbonization-potential; a row: zone, job_hours, slack_hours, n_starts,
// mean_now, mean_noninterruptible, mean_interruptible in g of a job, rounded to four decimals.
TEST(StudyOf2022, MeansOfShiftingEveryHourOfTheYear) {
  const char* const data = std::getenv("JOULERY_TEST_DATA");
  if (data == nullptr) GTEST_SKIP() << "JOULERY_TEST_DATA names no folder of series";
  const std::string folder = std::string(data) + "/carbon/";
  std::ifstream in(folder + "expected_shift_2022.csv");
  std::string line;
  std::getline(in, line);
  int rows = 0;
  while (std::getline(in, line)) {
    const std::vector<std::string> cells = *split_csv(line);
    const auto number = [&](std::size_t at) { return parse_number(cells.at(at)).value(); };
    SeriesRequest file;
    file.file = folder + "zones_2022_hourly.csv:" + cells[0];
    file.flag = "--series";
    auto series = read_series(file);
    ASSERT_TRUE(series) << series.error().message;
    const WallTime end = series->pieces.back().end;
    series->pieces.push_back({end, end + hours(1), kLastHour.at(cells[0]) / 3.6e6});
    SimulationRequest request;
    request.places = {place_of(*series)};
    request.policies = {Shift::kBestWindow, Shift::kInterruptible};
    request.slacks = {Seconds(number(2) * 3600)};
    const auto length = hours(static_cast<int>(number(1)));
    const auto simulation =
        simulate_jobs(every_hour(static_cast<std::size_t>(number(3)), length), request);
    ASSERT_TRUE(simulation) << simulation.error().message;
    const SimulationCase& held = simulation->cases[0];
    const auto mean = [&](const PolicyRun& run) { return run.sums.carbon.count() / number(3); };
    constexpr double kHalfDigit = 0.5e-4 * 1.1;  // of the means, and a little of the last hour's
    EXPECT_NEAR(mean(held.now), number(4), kHalfDigit) << line;
    EXPECT_NEAR(mean(held.runs[0]), number(5), kHalfDigit) << line;
    EXPECT_NEAR(mean(held.runs[1]), number(6), kHalfDigit) << line;
    ++rows;
  }
  EXPECT_EQ(rows, 12);
}

}  // namespace
}  // namespace joulery::simulate
