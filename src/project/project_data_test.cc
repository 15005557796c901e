// project: real job logs of clusters, against sums made here from their text.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "base/text.h"
#include "project/project_fixture.h"

namespace joulery::project {
namespace {

class RealLogs : public testing::Test {
 protected:
  void SetUp() override {
    const char* const data = std::getenv("JOULERY_TEST_DATA");
    if (data == nullptr) GTEST_SKIP() << "JOULERY_TEST_DATA names no folder of real logs";
    folder_ = std::string(data) + "/jobs/";
  }

  ProjectAccount account(const std::string& file, const JobLogOptions& options = {}) const {
    const auto log = read_job_log(folder_ + file, options);
    if (!log) {
      ADD_FAILURE() << log.error().message;
      return {};
    }
    return account_of(*log);
  }

  [[nodiscard]] std::vector<std::vector<std::string>> rows(const std::string& file) const {
    std::ifstream in(folder_ + file);
    std::vector<std::vector<std::string>> out;
    for (std::string line; std::getline(in, line);) out.push_back(*split_csv(line));
    return out;
  }

  std::string folder_;
};

TEST_F(RealLogs, AlibabaPodsWithFractionsOfGpus) {
  const ProjectAccount account = this->account("alibaba_gpu_v2023_pods.csv");
  double gpu_h = 0, cpu_h = 0, failed_h = 0;
  std::uint64_t jobs = 0, pending = 0;
  const auto table = rows("alibaba_gpu_v2023_pods.csv");
  for (std::size_t i = 1; i < table.size(); ++i) {
    const auto& row = table[i];
    const auto number = [&](std::size_t at) { return parse_number(row[at]).value_or(0); };
    if (row[10].empty()) {
      ++pending;
      continue;
    }
    ++jobs;
    const double hours = (number(9) - number(10)) / 3600;
    const double gpus = number(3) * number(4) / 1000;
    gpu_h += hours * gpus;
    const double cores = gpus > 0 ? 0 : number(1) / 1000;
    cpu_h += hours * cores;
    if (row[7] == "Failed") failed_h += hours * gpus;
  }

  EXPECT_EQ(account.format, "csv");
  EXPECT_EQ(account.totals.jobs, jobs);
  EXPECT_EQ(account.skipped_lines, pending);
  EXPECT_EQ(count_of(account.skipped_why, "never started"), 897u);
  EXPECT_NEAR(account.totals.cpu_hours / cpu_h, 1, 1e-9);
  EXPECT_NEAR(account.totals.device_hours / gpu_h, 1, 1e-9);
  EXPECT_NEAR(account.failed.device_hours / failed_h, 1, 1e-9);
  EXPECT_GT(account.in_use->peak, account.in_use->mean);
}

TEST_F(RealLogs, PaiJobsHaveArrivalAndLength) {
  const ProjectAccount account = this->account("gaia_pai_1k.csv");
  double hours = 0;
  const auto table = rows("gaia_pai_1k.csv");
  for (std::size_t i = 1; i < table.size(); ++i)
    hours += *parse_number(table[i][1]) * *parse_number(table[i][2]) / 3600;

  EXPECT_EQ(account.totals.jobs, 1000u);
  EXPECT_EQ(account.skipped_lines, 0u);
  EXPECT_NEAR(account.totals.device_hours / hours, 1, 1e-9);
  EXPECT_FALSE(account.totals.it_energy);
}

TEST_F(RealLogs, NasaIpscInTheStandardWorkloadFormat) {
  JobLogOptions options;
  options.by = {"account"};
  const ProjectAccount account = this->account("NASA-iPSC-1993-3.1-cln.swf", options);
  double hours = 0;
  std::uint64_t jobs = 0;
  std::vector<std::pair<double, double>> changes;  // an end sorts before a start of that second
  std::ifstream in(folder_ + "NASA-iPSC-1993-3.1-cln.swf");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(';')) continue;
    std::istringstream words(line);
    double number[5];
    for (double& n : number) words >> n;
    hours += number[3] * number[4] / 3600;
    ++jobs;
    if (number[3] == 0) continue;
    changes.emplace_back(number[1], number[4]);
    changes.emplace_back(number[1] + number[3], -number[4]);
  }
  std::sort(changes.begin(), changes.end());
  double now = 0, peak = 0;
  for (const auto& [when, change] : changes) peak = std::max(peak, now += change);

  EXPECT_EQ(jobs, 18'239u);
  EXPECT_EQ(account.totals.jobs, jobs);
  EXPECT_NEAR(account.totals.device_hours / hours, 1, 1e-9);
  EXPECT_EQ(account.by.groups.size(), 2u);  // normal users, system personnel
  // 176 of 128: the log's own overlap; its note says that starts are not known.
  EXPECT_DOUBLE_EQ(account.in_use->peak, peak);
  EXPECT_EQ(account.in_use->begin.substr(0, 10), "1993-10-01");
}

}  // namespace
}  // namespace joulery::project
