// estimate: what a board is taken to draw where nothing but its TDP is known, against recorded
// training.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "base/text.h"
#include "estimate/estimate_fixture.h"

namespace joulery {
namespace {

/// Mean power of each training job of a sweep at its highest cap, as a share of the TDP.
void add_shares(const std::string& file, double tdp_w, std::vector<double>& shares) {
  std::ifstream in(file);
  ASSERT_TRUE(in) << file;
  std::map<std::string, std::pair<double, double>> highest;  // job -> cap, power
  std::string line;
  std::getline(in, line);
  ASSERT_EQ(trim(line),
            "dataset,network,batch_size,optimizer,power_limit,time_per_epoch,average_power");
  while (std::getline(in, line)) {
    const auto fields = split_csv(line);
    ASSERT_TRUE(fields && fields->size() == 7) << line;
    const auto& f = *fields;
    const double cap = *parse_number(f[4]);
    auto& job = highest[f[0] + '/' + f[1] + '/' + f[2] + '/' + f[3]];
    if (cap > job.first) job = {cap, *parse_number(trim(f[6]))};
  }
  for (const auto& [name, job] : highest) shares.push_back(job.second / tdp_w);
}

TEST(TypicalShare, IsThatOfTheRecordedTrainingJobs) {
  const char* const data = std::getenv("JOULERY_TEST_DATA");
  if (data == nullptr) GTEST_SKIP() << "JOULERY_TEST_DATA names no folder of recorded sweeps";
  const std::string folder = std::string(data) + "/cap_sweeps/summary_power_";
  std::vector<double> shares;
  add_shares(folder + "v100.csv", 250, shares);  // the PCIe board: its highest cap is its TDP
  add_shares(folder + "a40.csv", 300, shares);
  double mean = 0, squares = 0;
  const auto n = static_cast<double>(shares.size());
  for (const double share : shares) mean += share / n;
  for (const double share : shares) squares += std::pow(share - mean, 2) / (n - 1);

  const EstimatedRow row = estimated({{"device", "A40"}, {"duration", "1h"}});

  ASSERT_EQ(shares.size(), 121u);
  ASSERT_EQ(row.request.parts.size(), 1u);
  const double tdp = row.request.device->tdp->count();
  const Estimate<Watts>& power = row.request.parts[0].power;
  ASSERT_NE(row.request.parts[0].source.find("TDP"), std::string::npos);
  // To the two digits that are written in the program.
  EXPECT_NEAR(power.value->count() / tdp, mean, 0.005);
  EXPECT_NEAR(power.u.count() / tdp, std::sqrt(squares), 0.005);
}

}  // namespace
}  // namespace joulery
