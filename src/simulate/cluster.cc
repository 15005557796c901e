// simulate: the queue, from event to event, see cluster.h.
#include "simulate/cluster.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <queue>

namespace joulery::simulate {
namespace {

constexpr double kPerDevice = 1e6;

/// A part that may start from `at` on.
struct Arrival {
  WallTime at{};
  std::uint32_t job = 0, part = 0;

  friend bool operator>(const Arrival& a, const Arrival& b) {
    return a.at != b.at ? a.at > b.at : a.job > b.job;
  }
  friend bool operator<(const Arrival& a, const Arrival& b) { return b > a; }
};

/// Devices that come back.
struct Return {
  WallTime at{};
  DeviceCount devices = 0;

  friend bool operator>(const Return& a, const Return& b) { return a.at > b.at; }
};

template <class Event>
using Earliest = std::priority_queue<Event, std::vector<Event>, std::greater<>>;

class Cluster {
 public:
  Cluster(const std::vector<MovableJob>& jobs, std::optional<DeviceCount> capacity,
          const Slowing* slowing, Parts& parts)
      : jobs_(jobs), capacity_(capacity), slowing_(slowing), parts_(parts) {
    first_.reserve(parts.jobs());
    for (std::uint32_t job = 0; job < parts.jobs(); ++job)
      first_.push_back({parts.all[parts.first[job]].begin, job, parts.first[job]});
    std::sort(first_.begin(), first_.end());
  }

  ClusterRun run() {
    while (const std::optional<WallTime> now = next_moment()) {
      take_back(*now);
      take_arrivals(*now);
      while (!queue_.empty() && fits(queue_.front())) {
        start(queue_.front(), *now);
        queue_.pop_front();
      }
      out_.peak_queue = std::max<std::uint64_t>(out_.peak_queue, queue_.size());
    }
    return out_;
  }

 private:
  /// While parts wait, what comes back matters too.
  [[nodiscard]] std::optional<WallTime> next_moment() const {
    std::optional<WallTime> next;
    const auto consider = [&](WallTime time) { next = next ? std::min(*next, time) : time; };
    if (next_first_ < first_.size()) consider(first_[next_first_].at);
    if (!later_.empty()) consider(later_.top().at);
    if (!queue_.empty() && !returns_.empty()) consider(returns_.top().at);
    return next;
  }

  void take_back(WallTime now) {
    for (; !returns_.empty() && returns_.top().at <= now; returns_.pop())
      in_use_ -= returns_.top().devices;
  }

  void take_arrivals(WallTime now) {
    while (true) {
      const bool has_first = next_first_ < first_.size() && first_[next_first_].at <= now;
      const bool has_later = !later_.empty() && later_.top().at <= now;
      if (!has_first && !has_later) return;
      if (has_first && (!has_later || first_[next_first_] < later_.top())) {
        arrive(first_[next_first_++], now);
      } else {
        const Arrival arrival = later_.top();
        later_.pop();
        arrive(arrival, now);
      }
    }
  }

  void arrive(const Arrival& arrival, WallTime now) {
    if (devices_of(jobs_[arrival.job].devices) == 0)
      start(arrival, now);
    else
      queue_.push_back(arrival);
  }

  [[nodiscard]] bool fits(const Arrival& arrival) const {
    return !capacity_ || in_use_ + devices_of(jobs_[arrival.job].devices) <= *capacity_;
  }

  void start(const Arrival& arrival, WallTime now) {
    const MovableJob& job = jobs_[arrival.job];
    Part& part = parts_.all[arrival.part];
    if (arrival.part == parts_.first[arrival.job]) out_.first_delays += now - part.begin;
    part.begin = now;
    if (slowing_ != nullptr && slowing_->caps(job))
      part.length = slowing_->length_from(now, part.length);
    if (const DeviceCount devices = devices_of(job.devices); devices > 0) {
      in_use_ += devices;
      out_.peak = std::max(out_.peak, in_use_);
      returns_.push({part.end(), devices});
    }
    if (arrival.part + 1 < parts_.first[arrival.job + 1])
      later_.push({std::max(part.end(), parts_.all[arrival.part + 1].begin), arrival.job,
                   arrival.part + 1});
  }

  const std::vector<MovableJob>& jobs_;
  std::optional<DeviceCount> capacity_;
  const Slowing* slowing_;
  Parts& parts_;
  std::vector<Arrival> first_;  // of first parts, by time
  std::size_t next_first_ = 0;
  Earliest<Arrival> later_;  // of the parts after them
  std::deque<Arrival> queue_;
  Earliest<Return> returns_;
  DeviceCount in_use_ = 0;
  ClusterRun out_;
};

}  // namespace

DeviceCount devices_of(double count) { return std::llround(count * kPerDevice); }
double count_of_devices(DeviceCount devices) { return static_cast<double>(devices) / kPerDevice; }

ClusterRun run_cluster(const std::vector<MovableJob>& jobs, std::optional<DeviceCount> capacity,
                       const Slowing* slowing, Parts& parts) {
  return Cluster(jobs, capacity, slowing, parts).run();
}

}  // namespace joulery::simulate
