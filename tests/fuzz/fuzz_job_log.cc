// fuzz: hostile job logs, through the rules and the account. The first byte chooses the format (or
// that it is found out) and the columns to total by.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "project/readers.h"

namespace joulery {
namespace {

std::vector<DeviceRate> rates_of(const JobLog& log) {
  std::vector<DeviceRate> rates;
  for (const std::string& device : log.devices()) {
    DeviceRate rate;
    rate.device = device;
    rate.power = Estimate<Watts>::of(Watts(100), Watts(10), Evidence::kConstant);
    rates.push_back(rate);
  }
  return rates;
}

void require(bool holds) {
  if (!holds) std::abort();
}

// What every account must give: finite sums, groups that add up to the whole, lengths in order.
void check(const ProjectAccount& account) {
  const JobTotals& all = account.totals;
  require(all.jobs > 0 && std::isfinite(all.device_hours) && all.device_hours >= 0);
  require(*account.shortest <= *account.longest && account.shortest->count() >= 0);
  double hours = 0, wanted = all.device_hours;
  for (const JobGroup& group : account.by.groups) hours += group.totals.device_hours;
  // By device, cores have hours beside those of accelerators.
  const auto& columns = account.by.columns;
  if (std::find(columns.begin(), columns.end(), "device") != columns.end()) {
    wanted = 0;
    for (const auto& [device, own] : account.device_hours) wanted += own;
  }
  require(std::abs(hours - wanted) <= 1e-6 * (1 + wanted));
  require(account.skipped.size() <= account.skipped_lines);
  if (account.in_use) require(account.in_use->mean <= account.in_use->peak * (1 + 1e-6) + 1e-6);
}

}  // namespace
}  // namespace joulery

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace joulery;
  if (size == 0) return 0;
  constexpr const char* kFormats[] = {"", "sacct", "csv", "swf"};
  JobLogOptions options;
  if (data[0] & 16) {
    options.metric = "acc";
    options.parameters = {"user", "gpus"};
  }
  options.format = kFormats[data[0] % 4];
  if (data[0] & 4) options.by = {"user", "month"};
  if (data[0] & 8) options.device = "V100";
  std::istringstream in(std::string(reinterpret_cast<const char*>(data) + 1, size - 1));
  const auto log = project::read_jobs(in, "fuzz", options);
  if (!log) return 0;
  ProjectRequest request;
  request.rates = rates_of(*log);
  if (data[0] & 32) request.target = 0.5;
  if (const auto account = account_project(*log, request)) check(*account);
  return 0;
}
