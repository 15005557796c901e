// project: what tests of job logs share: a log from text, its account with round rates.
#pragma once

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "joulery/project.h"
#include "project/readers.h"

namespace joulery::project {

inline Result<JobLog> try_log(const std::string& text, const JobLogOptions& options = {}) {
  std::istringstream in(text);
  return read_jobs(in, "log", options);
}

inline JobLog log_of(const std::string& text, const JobLogOptions& options = {}) {
  auto log = try_log(text, options);
  if (!log) {
    ADD_FAILURE() << log.error().message;
    return JobLog(std::make_unique<LogData>());
  }
  return *std::move(log);
}

/// 100 W and 1 to 3 USD/h a device; cores have neither.
inline std::vector<DeviceRate> round_rates(const JobLog& log) {
  std::vector<DeviceRate> rates;
  for (const std::string& device : log.devices()) {
    DeviceRate rate;
    rate.device = device;
    rate.power = Estimate<Watts>::missing("no power of cpu");
    if (device != kCpu) {
      rate.power = Estimate<Watts>::of(Watts(100), Watts(10), Evidence::kConstant, "power");
      rate.rent = std::pair(MoneyPerSecond(1 / 3600.0), MoneyPerSecond(3 / 3600.0));
    }
    rates.push_back(rate);
  }
  return rates;
}

inline ProjectAccount account_of(const JobLog& log, ProjectRequest request = {}) {
  if (request.rates.empty()) request.rates = round_rates(log);
  const auto account = account_project(log, request);
  if (!account) {
    ADD_FAILURE() << account.error().message;
    return {};
  }
  return *account;
}

inline ProjectAccount account_of(const std::string& text, const JobLogOptions& options = {}) {
  return account_of(log_of(text, options));
}

/// The totals of one group; a failure where there is none.
inline JobTotals group_of(const JobGrouping& grouping, const std::vector<std::string>& key) {
  for (const JobGroup& group : grouping.groups)
    if (group.key == key) return group.totals;
  ADD_FAILURE() << "no group " << testing::PrintToString(key);
  return {};
}

inline const JobGrouping& single_of(const ProjectAccount& account, const std::string& column) {
  for (const JobGrouping& grouping : account.single)
    if (grouping.columns.front() == column) return grouping;
  ADD_FAILURE() << "no totals by " << column;
  return account.by;
}

inline std::uint64_t count_of(const std::vector<CountedNote>& notes, const std::string& part) {
  std::uint64_t sum = 0;
  for (const CountedNote& note : notes)
    if (note.what.find(part) != std::string::npos) sum += note.count;
  return sum;
}

}  // namespace joulery::project
