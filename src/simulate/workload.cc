// simulate: from a log to jobs that may be moved.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "joulery/simulate.h"
#include "project/log_builder.h"

namespace joulery {
namespace {

using project::JobRecord;

/// Devices and power of the sets of a log.
class Held {
 public:
  Held(const project::LogData& data, const std::vector<DeviceRate>& rates)
      : data_(data), rates_(rates) {
    const auto& names = data.devices.names();
    only_cpu_ = std::all_of(names.begin(), names.end(),
                            [](const auto& name) { return name == project::kCpu; });
  }
  [[nodiscard]] std::string_view unit() const { return only_cpu_ ? kCores : kGpus; }

  [[nodiscard]] double devices(const JobRecord& job) const {
    double sum = 0;
    for (const project::DeviceCount& held : data_.devices.at(job.devices))
      if (only_cpu_ || data_.devices.names()[held.device] != project::kCpu) sum += held.count;
    return sum;
  }
  Result<Watts> power(const JobRecord& job) const {
    if (job.has(JobRecord::kHasEnergy))
      return Joules(job.energy_j) / Seconds(Micros(job.elapsed_us));
    Watts sum{};
    for (const project::DeviceCount& held : data_.devices.at(job.devices)) {
      const DeviceRate& rate = rates_[held.device];
      if (!rate.power)
        return Error{ErrorCode::kUsage, fmt::format("{}: what one {} draws is not known ({})",
                                                    data_.source, rate.device, rate.power.why)};
      sum += *rate.power.value * held.count;
    }
    return sum;
  }

 private:
  const project::LogData& data_;
  const std::vector<DeviceRate>& rates_;
  bool only_cpu_ = false;
};

/// What told the powers of jobs. Devices of one kind err in the same direction, and so do the
/// sensors of a log; kinds are independent.
class PowerTellers {
 public:
  PowerTellers(const project::LogData& data, const std::vector<DeviceRate>& rates)
      : data_(data), rates_(rates), used_(rates.size()) {}

  /// The number of its mix.
  std::uint32_t add(const JobRecord& job) {
    if (job.has(JobRecord::kHasEnergy)) {
      own_ += job.energy_j;
      own_u_ += static_cast<double>(job.energy_u_j);
      return number_of({{sensors(), 1.0}});
    }
    const auto [known, is_new] = by_set_.emplace(job.devices, 0);
    if (is_new) known->second = number_of(mix_of(data_.devices.at(job.devices)));
    return known->second;
  }

  void finish(Workload& out) {
    for (std::size_t i = 0; i < rates_.size(); ++i) {
      const Estimate<Watts>& power = rates_[i].power;
      const double u = power && power.value->count() > 0 ? power.u / *power.value : 0;
      out.power_sources.push_back({"power of " + rates_[i].device, u});
    }
    out.power_sources.push_back({"sensors of the log", own_ > 0 ? own_u_ / own_ : 0});
    out.power_mixes = std::move(mixes_);
    out.excludes = excludes();
  }

 private:
  [[nodiscard]] std::uint32_t sensors() const { return static_cast<std::uint32_t>(rates_.size()); }

  PowerMix mix_of(const project::DeviceSet& set) {
    double sum = 0;
    for (const project::DeviceCount& held : set) sum += watts_of(held);
    PowerMix mix;
    for (const project::DeviceCount& held : set) {
      if (watts_of(held) <= 0) continue;
      mix.emplace_back(held.device, watts_of(held) / sum);
      used_[held.device] = true;
    }
    return mix;
  }
  [[nodiscard]] double watts_of(const project::DeviceCount& held) const {
    return rates_[held.device].power.value->count() * held.count;
  }
  std::uint32_t number_of(PowerMix mix) {
    const auto number = static_cast<std::uint32_t>(mixes_.size());
    const auto [known, is_new] = numbers_.emplace(mix, number);
    if (is_new) mixes_.push_back(std::move(mix));
    return known->second;
  }
  /// What is left out of the power that was used.
  [[nodiscard]] std::vector<std::string> excludes() const {
    std::vector<std::string> out;
    const auto put = [&](const std::vector<std::string>& parts) {
      for (const std::string& part : parts)
        if (std::find(out.begin(), out.end(), part) == out.end()) out.push_back(part);
    };
    if (own_ > 0) put(data_.excludes);
    for (std::size_t i = 0; i < rates_.size(); ++i)
      if (used_[i]) put(rates_[i].excludes);
    return out;
  }

  const project::LogData& data_;
  const std::vector<DeviceRate>& rates_;
  std::vector<bool> used_;
  double own_ = 0, own_u_ = 0;
  std::vector<PowerMix> mixes_;
  std::map<PowerMix, std::uint32_t> numbers_;
  std::unordered_map<std::uint32_t, std::uint32_t> by_set_;
};

void note_left_out(std::uint64_t count, const char* why, Workload& workload) {
  if (count > 0)
    workload.notes.push_back(
        fmt::format("{} job{} left out: {}", count, count == 1 ? "" : "s", why));
}

}  // namespace

Result<Workload> make_workload(const JobLog& log, const std::vector<DeviceRate>& rates) {
  const project::LogData& data = log.data();
  const Held held(data, rates);
  Workload out;
  out.source = data.source;
  out.unit = held.unit();
  out.calendar = data.calendar;
  out.jobs.reserve(log.jobs());
  PowerTellers tellers(data, rates);
  std::uint64_t without_start = 0, without_length = 0;
  for (std::size_t i = 0; i < log.jobs(); ++i) {
    const JobRecord& job = data.jobs[i];
    if (!job.has(JobRecord::kHasStart)) {
      ++without_start;
    } else if (job.elapsed_us == 0) {
      ++without_length;
    } else {
      JOULERY_TRY(const Watts power, held.power(job));
      out.jobs.push_back({WallTime(Micros(data.submit_us[i])), Micros(job.elapsed_us),
                          held.devices(job), power, tellers.add(job)});
    }
  }
  if (data.remarks.skipped_lines() > 0)
    out.notes.push_back(
        fmt::format("{} lines of the log are no jobs that ran: joulery account "
                    "lists why",
                    data.remarks.skipped_lines()));
  note_left_out(without_start, "the log does not tell when they started", out);
  note_left_out(without_length, "of zero length", out);
  if (out.jobs.empty())
    return Error{ErrorCode::kInvalid, data.source + ": no job with a start and a length"};
  tellers.finish(out);
  std::stable_sort(out.jobs.begin(), out.jobs.end(),
                   [](const MovableJob& a, const MovableJob& b) { return a.release < b.release; });
  return out;
}

void move_to(Workload& workload, WallTime begin) {
  const Micros by = begin - workload.jobs.front().release;
  for (MovableJob& job : workload.jobs) job.release += by;
}

}  // namespace joulery
