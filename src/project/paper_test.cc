// project: a log like that of the paper's case study (Strubell, Ganesh, McCallum 2019, arXiv
// 1906.02243, section 4.2): 4,789 jobs in 123 grid searches over 172 days, 239,942 GPU-hours on
// Titan X (72 %) and M40 (28 %), from 3 minutes to 9 days; and what its Table 4 makes of it.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>

#include "project/project_fixture.h"

namespace joulery::project {
namespace {

constexpr int kJobs = 4789;
constexpr int kSearches = 123;
constexpr double kGpuHours = 239'942;
constexpr double kSpanHours = 172 * 24;
constexpr double kModelHours = 120;  // one model
constexpr double kLongestHours = 9 * 24;

/// Seconds of each job: one final model, one of 3 minutes, one of 9 days, the others between, so
/// that all add up to the hours of the paper to a second.
std::vector<std::int64_t> lengths() {
  std::vector<std::int64_t> seconds{120 * 3600, 180, 9 * 86400};
  std::int64_t rest = static_cast<std::int64_t>(kGpuHours) * 3600;
  for (const std::int64_t known : seconds) rest -= known;
  const std::int64_t others = kJobs - 3;
  const std::int64_t mean = rest / others;
  for (std::int64_t i = 0; i < others; ++i) {
    const std::int64_t spread = (i % 2 == 0 ? 1 : -1) * ((i / 2 * 7919) % (mean - 3600));
    seconds.push_back(mean + (i == others - 1 ? rest - mean * others : 0) +
                      (i < others - others % 2 ? spread : 0));
  }
  return seconds;
}

/// The sacct log: searches after one another, each job starting so that the last ends on day 172.
std::string paper_log() {
  std::string text = "JobID|User|State|Start|Elapsed|AllocTRES|Comment\n";
  const std::vector<std::int64_t> seconds = lengths();
  const std::int64_t zero = 1'514'764'800;  // 2018-01-01
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    const auto latest = static_cast<std::int64_t>(kSpanHours * 3600) - seconds[i];
    std::int64_t start = latest * static_cast<std::int64_t>(i) / (kJobs - 1);
    if (i == 0) start = 0;
    const bool crash = seconds[i] < 600;
    const char* kind = i % 25 < 18 ? "Titan-X" : "M40";  // 72 and 28 %
    const std::string stage = i == 0 ? "final" : "tuning";
    text += fmt::format("{}|emma|{}|{}|{}|gres/gpu:{}=1|stage={},search=s{}\n", i + 1,
                        crash ? "FAILED" : "COMPLETED", zero + start, seconds[i], kind, stage,
                        i % kSearches);
  }
  return text;
}

/// Titan X and M40 at P100's prices of the paper's footnote 7; the power with PUE that Tables 1 and
/// 4 imply: 78,468 lb / 0.954 lb/kWh / 239,942 h.
ProjectRequest paper_request(const JobLog& log) {
  ProjectRequest request;
  for (const std::string& device : log.devices()) {
    DeviceRate rate;
    rate.device = device;
    rate.priced_as = "P100";
    rate.power = Estimate<Watts>::of(Watts(78'468 / 0.954 / kGpuHours * 1000 / 1.58), Watts(10),
                                     Evidence::kConstant, "power");
    rate.rent = std::pair(MoneyPerSecond(0.43 / 3600), MoneyPerSecond(1.46 / 3600));
    request.rates.push_back(rate);
  }
  request.place.pue.estimate = Estimate<double>::of(1.58, 0, Evidence::kConstant);
  request.place.intensity.estimate = Estimate<GramsPerJoule>::of(
      GramsPerJoule(0.954 * kGramsPerPound / kJoulesPerKilowattHour), {}, Evidence::kConstant);
  request.place.electricity_price.estimate = Estimate<MoneyPerJoule>::of(
      MoneyPerJoule(0.12 / kJoulesPerKilowattHour), {}, Evidence::kConstant);
  request.own = OwnServers{Money(20'000), "USD", 8};
  request.tuning_jobs = 24;
  return request;
}

ProjectAccount paper_account() {
  const JobLog log = log_of(paper_log());
  return account_of(log, paper_request(log));
}

TEST(PaperLog, HasThePapersTotals) {
  const ProjectAccount account = paper_account();
  EXPECT_EQ(account.totals.jobs, 4789u);
  EXPECT_NEAR(account.totals.device_hours, kGpuHours, 1e-6);
  EXPECT_EQ(*account.shortest, Seconds(180));
  EXPECT_EQ(*account.longest, Seconds(kLongestHours * 3600));
  // The paper's text says 52 hours; its own numbers give 50.1.
  EXPECT_NEAR(account.mean->count() / 3600, 50.1, 0.01);
  EXPECT_EQ(single_of(account, "search").groups.size(), 123u);
  EXPECT_NEAR(group_of(single_of(account, "device"), {"Titan-X"}).device_hours / kGpuHours, 0.72,
              0.01);
  EXPECT_EQ(account.failed.jobs, 1u);
}

TEST(PaperLog, GivesTable4) {
  const ProjectAccount account = paper_account();
  ASSERT_EQ(account.development.size(), 3u);
  struct Line {
    double jobs, hours, low, high, electricity, tolerance;
  };
  // Printed: $52-$175, $5; $1238-$4205, $118; $103k-$350k, $9870.
  const Line printed[] = {{1, 120, 52, 175, 5, 0.5},
                          {24, 2880, 1238, 4205, 118, 0.6},
                          {4789, 239'942, 103e3, 350e3, 9870, 500}};
  for (std::size_t i = 0; i < 3; ++i) {
    const DevelopmentLine& line = account.development[i];
    EXPECT_DOUBLE_EQ(line.jobs, printed[i].jobs);
    EXPECT_NEAR(line.totals.device_hours, printed[i].hours, 1e-6);
    EXPECT_NEAR(line.totals.cloud_cost.low.value->count(), printed[i].low, printed[i].tolerance);
    EXPECT_NEAR(line.totals.cloud_cost.high.value->count(), printed[i].high, printed[i].tolerance);
    EXPECT_NEAR(line.totals.site.electricity_cost.value->count(), printed[i].electricity,
                i == 2 ? 0.5 : 0.6);
  }
  // 78,468 lb of Table 1.
  EXPECT_NEAR(account.totals.site.carbon.value->count() / kGramsPerPound, 78'468, 0.5);
}

TEST(PaperLog, AboutSixtyGpusRanConstantly) {
  const ProjectAccount account = paper_account();
  ASSERT_TRUE(account.in_use);
  EXPECT_NEAR(account.in_use->span.count(), kSpanHours * 3600, 1);
  EXPECT_NEAR(account.in_use->mean, kGpuHours / kSpanHours, 1e-3);  // 58.1
  EXPECT_EQ(account.in_use->days.size(), 172u);
  double hours = 0;
  for (const DevicesInUse::Day& day : account.in_use->days) hours += 24 * day.mean;
  EXPECT_NEAR(hours, kGpuHours, 1e-3);
}

TEST(PaperLog, OwnHardwareIsCheaperThanOnDemandAndDearerThanPreemptible) {
  const ProjectAccount account = paper_account();
  ASSERT_TRUE(account.own);
  EXPECT_EQ(account.own->devices, 58);
  EXPECT_EQ(account.own->share, Money(145'000));
  EXPECT_EQ(account.own->whole_servers, 8);
  EXPECT_EQ(account.own->whole, Money(160'000));
  EXPECT_EQ(std::floor(100 * *account.own->whole_of_high), 48);
  EXPECT_GT(*account.own->share_of_low, 1);
  EXPECT_LT(*account.own->share_of_high, 0.5);
}

TEST(PaperLog, WithoutTuningJobsOneTuningIsTheMeanSearch) {
  const JobLog log = log_of(paper_log());
  ProjectRequest request = paper_request(log);
  request.tuning_jobs.reset();
  const ProjectAccount account = account_of(log, request);
  ASSERT_EQ(account.development.size(), 3u);
  EXPECT_EQ(account.development[1].basis, "the mean of 123 searches");
  EXPECT_NEAR(account.development[1].totals.device_hours, kGpuHours / 123, 1e-6);
}

TEST(PaperLog, PartsSumToTheWhole) {
  const ProjectAccount account = paper_account();
  for (const JobGrouping& grouping : account.single) {
    double hours = 0, joules = 0;
    for (const JobGroup& group : grouping.groups) {
      hours += group.totals.device_hours;
      joules += group.totals.it_energy.value->count();
    }
    EXPECT_NEAR(hours, kGpuHours, 1e-6) << grouping.columns.front();
    EXPECT_NEAR(joules / account.totals.it_energy.value->count(), 1, 1e-12);
  }
}

}  // namespace
}  // namespace joulery::project
