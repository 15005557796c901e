// simulate: from a log to jobs that may be moved.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

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

/// The energy of all jobs by what told it. Devices of one kind err in the same direction, and so do
/// the sensors of a log; kinds are independent.
class EnergyBasis {
 public:
  EnergyBasis(const project::LogData& data, const std::vector<DeviceRate>& rates)
      : data_(data), rates_(rates), joules_(rates.size()) {}

  void add(const JobRecord& job) {
    if (job.has(JobRecord::kHasEnergy)) {
      own_ += job.energy_j;
      own_u_ += static_cast<double>(job.energy_u_j);
      return;
    }
    for (const project::DeviceCount& held : data_.devices.at(job.devices))
      joules_[held.device] +=
          (*rates_[held.device].power.value * held.count * Seconds(Micros(job.elapsed_us)).count())
              .count();
  }

  [[nodiscard]] Estimate<double> of_one() const {
    double sum = own_, variance = own_u_ * own_u_, top_u = own_u_;
    std::string top = own_u_ > 0 ? "sensors of the log" : "";
    for (std::size_t i = 0; i < rates_.size(); ++i) {
      if (joules_[i] == 0) continue;
      const double u = joules_[i] * (rates_[i].power.u / *rates_[i].power.value);
      sum += joules_[i];
      variance += u * u;
      if (u > top_u) top_u = u, top = "power of " + rates_[i].device;
    }
    return Estimate<double>::of(1, sum > 0 ? std::sqrt(variance) / sum : 0, Evidence::kModelled,
                                top);
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
      if (joules_[i] > 0) put(rates_[i].excludes);
    return out;
  }

 private:
  const project::LogData& data_;
  const std::vector<DeviceRate>& rates_;
  std::vector<double> joules_;
  double own_ = 0, own_u_ = 0;
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
  EnergyBasis basis(data, rates);
  std::uint64_t without_start = 0, without_length = 0;
  for (std::size_t i = 0; i < log.jobs(); ++i) {
    const JobRecord& job = data.jobs[i];
    if (!job.has(JobRecord::kHasStart)) {
      ++without_start;
    } else if (job.elapsed_us == 0) {
      ++without_length;
    } else {
      JOULERY_TRY(const Watts power, held.power(job));
      out.jobs.push_back(
          {WallTime(Micros(data.submit_us[i])), Micros(job.elapsed_us), held.devices(job), power});
      basis.add(job);
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
  out.energy_basis = basis.of_one();
  out.excludes = basis.excludes();
  std::stable_sort(out.jobs.begin(), out.jobs.end(),
                   [](const MovableJob& a, const MovableJob& b) { return a.release < b.release; });
  return out;
}

void move_to(Workload& workload, WallTime begin) {
  const Micros by = begin - workload.jobs.front().release;
  for (MovableJob& job : workload.jobs) job.release += by;
}

}  // namespace joulery
