// simulate: from a log to jobs that may be moved.
#include <fmt/format.h>

#include <algorithm>

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
  [[nodiscard]] const char* unit() const { return only_cpu_ ? "cores" : "GPUs"; }

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
  std::stable_sort(out.jobs.begin(), out.jobs.end(),
                   [](const MovableJob& a, const MovableJob& b) { return a.release < b.release; });
  return out;
}

void move_to(Workload& workload, WallTime begin) {
  const Micros by = begin - workload.jobs.front().release;
  for (MovableJob& job : workload.jobs) job.release += by;
}

}  // namespace joulery
