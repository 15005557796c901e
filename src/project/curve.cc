// project: devices in use over time, see curve.h.
#include "project/curve.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "project/device_sets.h"

namespace joulery::project {
namespace {

constexpr std::int64_t kDayUs = 86'400'000'000;
// Eleven years of days; of a longer log only the whole is told.
constexpr std::int64_t kMostDays = 4000;

/// Counts of the devices that matter, by number of the set.
class Counts {
 public:
  explicit Counts(const LogData& data) : data_(data) {
    const auto& names = data.devices.names();
    only_cpu_ = std::all_of(names.begin(), names.end(), [](const auto& n) { return n == kCpu; });
    for (const std::string& name : names) wanted_.push_back(only_cpu_ || name != kCpu);
  }
  [[nodiscard]] double of(const JobRecord& job) const {
    double sum = 0;
    for (const DeviceCount& held : data_.devices.at(job.devices))
      if (wanted_[held.device]) sum += held.count;
    return sum;
  }

 private:
  const LogData& data_;
  std::vector<bool> wanted_;
  bool only_cpu_ = false;
};

std::int64_t end_of(const JobRecord& job) { return job.start_us + job.elapsed_us; }

/// Means and peaks of days, filled in the order of time.
class Days {
 public:
  explicit Days(std::int64_t first_day) : first_(first_day) {}

  /// So many devices from `from` to `to`.
  void add(std::int64_t from, std::int64_t to, double devices) {
    while (from < to) {
      const auto day = static_cast<std::size_t>(from / kDayUs - first_);
      if (days_.size() <= day) days_.resize(day + 1);
      const std::int64_t until =
          std::min(to, (static_cast<std::int64_t>(day) + first_ + 1) * kDayUs);
      days_[day].mean += devices * static_cast<double>(until - from) / static_cast<double>(kDayUs);
      days_[day].peak = std::max(days_[day].peak, devices);
      from = until;
    }
  }

  std::vector<DevicesInUse::Day> finish(bool calendar) {
    for (std::size_t i = 0; i < days_.size(); ++i) {
      const std::int64_t day = first_ + static_cast<std::int64_t>(i);
      days_[i].day = calendar ? format_time(WallTime(Micros(day * kDayUs))).substr(0, 10)
                              : fmt::format("day {}", day);
    }
    return std::move(days_);
  }

 private:
  std::int64_t first_;
  std::vector<DevicesInUse::Day> days_;
};

std::string moment(std::int64_t us, bool calendar) {
  return calendar ? format_time(WallTime(Micros(us)))
                  : fmt::format("{:.0f} s", static_cast<double>(us) / 1e6);
}

/// Numbers of the jobs in the order of a moment of each.
template <class Moment>
std::vector<std::uint32_t> in_order(const JobStore& jobs, std::vector<std::uint32_t> order,
                                    const Moment& moment_of) {
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    return moment_of(jobs[a]) < moment_of(jobs[b]);
  };
  if (!std::is_sorted(order.begin(), order.end(), before))
    std::sort(order.begin(), order.end(), before);
  return order;
}

/// Walks over starts and ends in the order of time; an end at the moment of a start comes first.
template <class Step>
void walk(const JobStore& jobs, const std::vector<std::uint32_t>& starts,
          const std::vector<std::uint32_t>& ends, const Step& step) {
  for (std::size_t s = 0, e = 0; e < ends.size();) {
    const bool start = s < starts.size() && jobs[starts[s]].start_us < end_of(jobs[ends[e]]);
    if (start) {
      step(jobs[starts[s]].start_us, jobs[starts[s]], 1);
      ++s;
    } else {
      step(end_of(jobs[ends[e]]), jobs[ends[e]], -1);
      ++e;
    }
  }
}

}  // namespace

std::optional<DevicesInUse> devices_in_use(const LogData& data) {
  const Counts counts(data);
  const auto matters = [&](const JobRecord& job) {
    return job.has(JobRecord::kHasStart) && job.elapsed_us > 0 && counts.of(job) > 0;
  };
  std::size_t count = 0;
  for (std::size_t i = 0; i < data.jobs.size(); ++i) count += matters(data.jobs[i]) ? 1 : 0;
  std::vector<std::uint32_t> which;
  which.reserve(count);
  for (std::size_t i = 0; i < data.jobs.size(); ++i) {
    if (matters(data.jobs[i])) which.push_back(static_cast<std::uint32_t>(i));
  }
  if (which.empty()) return {};
  const auto starts = in_order(data.jobs, which, [](const JobRecord& j) { return j.start_us; });
  const auto ends = in_order(data.jobs, std::move(which), end_of);
  const std::int64_t begin = data.jobs[starts.front()].start_us;
  const std::int64_t end = end_of(data.jobs[ends.back()]);

  DevicesInUse out;
  out.days_left_out = (end - begin) / kDayUs > kMostDays;
  Days days(begin / kDayUs);
  double now = 0, device_us = 0;
  std::int64_t since = begin, peak_at = begin;
  walk(data.jobs, starts, ends, [&](std::int64_t at, const JobRecord& job, int sign) {
    if (!out.days_left_out) days.add(since, at, now);
    device_us += now * static_cast<double>(at - since);
    since = at;
    now = std::max(0.0, now + sign * counts.of(job));
    if (now > out.peak * (1 + 1e-12)) out.peak = now, peak_at = at;
  });
  out.span = Seconds(static_cast<double>(end - begin) / 1e6);
  out.mean = device_us / static_cast<double>(end - begin);
  // Fractions of devices, added and taken away, leave noise in the last digits.
  const auto clean = [](double x) { return std::round(x * 1e6) / 1e6; };
  out.peak = clean(out.peak);
  out.peak_at = moment(peak_at, data.calendar);
  out.begin = moment(begin, data.calendar);
  out.end = moment(end, data.calendar);
  out.days = days.finish(data.calendar);
  for (DevicesInUse::Day& day : out.days) day.peak = clean(day.peak);
  return out;
}

}  // namespace joulery::project
