// simulate: jobs that may be moved, from logs.
#include <gmock/gmock.h>

#include <cstdlib>
#include <sstream>

#include "joulery/simulate.h"
#include "project/readers.h"

namespace joulery {
namespace {

DeviceRate rate_of(const std::string& device, double watts) {
  DeviceRate rate;
  rate.device = device;
  rate.power = Estimate<Watts>::of(Watts(watts), Watts(0), Evidence::kConstant);
  return rate;
}

Result<JobLog> log_of(const std::string& text) {
  std::istringstream in(text);
  JobLogOptions options;
  options.keep_submit = true;
  return project::read_jobs(in, "log", options);
}

/// With 100 W for each kind of device.
Result<Workload> workload_of(const JobLog& log) {
  std::vector<DeviceRate> rates;
  for (const std::string& device : log.devices()) rates.push_back(rate_of(device, 100));
  return make_workload(log, rates);
}

TEST(Workload, HoldsSubmissionLengthAndFractionsOfDevicesInTheOrderOfRelease) {
  const auto log = log_of(
      "creation_time,scheduled_time,deletion_time,num_gpu,gpu_milli,cpu_milli\n"
      "50,60,160,1,460,4000\n"
      "10,40,140,8,1000,4000\n"
      "70,70,170,0,0,4000\n");
  ASSERT_TRUE(log) << log.error().message;
  const auto workload = workload_of(*log);
  ASSERT_TRUE(workload) << workload.error().message;
  ASSERT_EQ(workload->jobs.size(), 3u);
  EXPECT_EQ(workload->unit, "GPUs");
  EXPECT_FALSE(workload->calendar);
  EXPECT_EQ(workload->jobs[0].release, WallTime(std::chrono::seconds(10)));
  EXPECT_EQ(workload->jobs[0].length, std::chrono::seconds(100));
  EXPECT_DOUBLE_EQ(workload->jobs[0].devices, 8);
  EXPECT_DOUBLE_EQ(workload->jobs[1].devices, 0.46);
  EXPECT_DOUBLE_EQ(workload->jobs[1].power.count(), 46);
  EXPECT_DOUBLE_EQ(workload->jobs[2].devices, 0) << "cores need no GPU";
  EXPECT_DOUBLE_EQ(workload->jobs[2].power.count(), 400);
}

TEST(Workload, TakesAJobsOwnEnergyBeforeThePowerOfItsDevices) {
  const auto log = log_of("start,length,gpus,energy_j\n2022-01-01T00:00:00Z,100,2,5000\n");
  ASSERT_TRUE(log) << log.error().message;
  const auto workload = workload_of(*log);
  ASSERT_TRUE(workload) << workload.error().message;
  EXPECT_DOUBLE_EQ(workload->jobs[0].power.count(), 50);
  EXPECT_TRUE(workload->calendar);
}

TEST(Workload, KnowsWhatToldItsPowersAndHowSurely) {
  const auto log = log_of(
      "start,length,gpus,device,energy_j\n"
      "0,100,1,A,\n0,100,3,B,\n0,100,1,A,60000\n0,100,2,A,\n");
  ASSERT_TRUE(log) << log.error().message;
  std::vector<DeviceRate> rates;
  for (const std::string& device : log->devices()) {
    rates.push_back(rate_of(device, 100));
    rates.back().power.u = Watts(device == "A" ? 10 : 20);
    rates.back().excludes = {"cpu"};
  }
  const auto workload = make_workload(*log, rates);
  ASSERT_TRUE(workload) << workload.error().message;
  const auto teller = [&](std::size_t job) {
    const PowerMix& mix = workload->power_mixes.at(workload->jobs[job].power_mix);
    EXPECT_EQ(mix.size(), 1u);
    EXPECT_EQ(mix.front().second, 1);
    return workload->power_sources.at(mix.front().first);
  };
  EXPECT_EQ(teller(0).name, "power of A");
  EXPECT_DOUBLE_EQ(teller(0).relative_u, 0.1);
  EXPECT_EQ(teller(1).name, "power of B");
  EXPECT_DOUBLE_EQ(teller(1).relative_u, 0.2);
  EXPECT_EQ(teller(2).name, "sensors of the log");
  EXPECT_NEAR(teller(2).relative_u, 0.05, 1e-6);  // which a sensor has
  EXPECT_EQ(workload->jobs[3].power_mix, workload->jobs[0].power_mix) << "one kind, any number";
  EXPECT_THAT(workload->excludes, testing::ElementsAre("cpu"));
}

TEST(Workload, NamesADeviceWhosePowerIsNotKnown) {
  const auto log = log_of("arrival_time,length,cpus\n0,60,2\n");
  ASSERT_TRUE(log) << log.error().message;
  DeviceRate rate;
  rate.device = "cpu";
  rate.power = Estimate<Watts>::missing("no power of cpu: --device-power cpu=10W");
  const auto workload = make_workload(*log, {rate});
  ASSERT_FALSE(workload);
  EXPECT_EQ(workload.error().code, ErrorCode::kUsage);
  EXPECT_THAT(workload.error().message, testing::HasSubstr("--device-power cpu=10W"));
}

TEST(Workload, SaysWhatItLeavesOut) {
  const auto log = log_of("start,length,gpus\n100,60,1\n200,0,1\n,60,1\n");
  ASSERT_TRUE(log) << log.error().message;
  const auto workload = workload_of(*log);
  ASSERT_TRUE(workload) << workload.error().message;
  EXPECT_EQ(workload->jobs.size(), 1u);
  EXPECT_THAT(workload->notes, testing::ElementsAre(testing::HasSubstr("1 job left out"),
                                                    testing::HasSubstr("of zero length")));
}

TEST(Workload, MovesAllJobsByTheSameTime) {
  const auto log = log_of("start,length,gpus\n100,60,1\n160,60,1\n");
  Workload workload = *workload_of(*log);
  const WallTime begin{std::chrono::sys_days(std::chrono::year(2022) / 3 / 1)};
  move_to(workload, begin);
  EXPECT_EQ(workload.jobs[0].release, begin);
  EXPECT_EQ(workload.jobs[1].release, begin + std::chrono::seconds(60));
}

TEST(Workload, OfRealLogs) {
  const char* const data = std::getenv("JOULERY_TEST_DATA");
  if (data == nullptr) GTEST_SKIP() << "JOULERY_TEST_DATA names no folder of real logs";
  JobLogOptions options;
  options.keep_submit = true;
  const auto load = [&](const std::string& file) {
    const auto log = read_job_log(std::string(data) + "/jobs/" + file, options);
    EXPECT_TRUE(log) << log.error().message;
    auto workload = workload_of(*log);
    EXPECT_TRUE(workload) << workload.error().message;
    return *std::move(workload);
  };
  const Workload pai = load("gaia_pai_1k.csv");
  EXPECT_EQ(pai.jobs.size(), 1000u);
  EXPECT_EQ(pai.unit, "cores");
  EXPECT_EQ(pai.jobs[1].release - pai.jobs[0].release, std::chrono::seconds(68));
  const Workload pods = load("alibaba_gpu_v2023_pods.csv");
  EXPECT_EQ(pods.unit, "GPUs");
  EXPECT_LE(pods.jobs.size(), 8152u - 897u);  // those that were scheduled
  EXPECT_GT(pods.jobs.size(), 7000u);
  EXPECT_EQ(load("NASA-iPSC-1993-3.1-cln.swf").unit, "cores");
}

}  // namespace
}  // namespace joulery
