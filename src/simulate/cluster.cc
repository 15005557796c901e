// simulate: the queue, from event to event, see cluster.h.
#include "simulate/cluster.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <queue>

namespace joulery::simulate {
namespace {

constexpr double kPerDevice = 1e6;

/// How many of the queue backfill looks at: the default of Slurm's bf_max_job_test (slurm.conf(5)).
constexpr std::size_t kBackfillDepth = 500;

/// A part that may start from `at` on.
struct Arrival {
  WallTime at{};
  std::uint32_t job = 0, part = 0;

  friend bool operator>(const Arrival& a, const Arrival& b) {
    return a.at != b.at ? a.at > b.at : a.job > b.job;
  }
  friend bool operator<(const Arrival& a, const Arrival& b) { return b > a; }
};

/// With what a look at the queue needs, which of jobs and parts lies far apart in memory.
struct Waiting {
  Arrival arrival;
  DeviceCount devices = 0;
  Micros length{};  // without a cap
};

template <class Event>
using Earliest = std::priority_queue<Event, std::vector<Event>, std::greater<>>;

class Cluster {
 public:
  Cluster(const std::vector<MovableJob>& jobs, const ClusterRules& rules, Parts& parts)
      : jobs_(jobs), rules_(rules), parts_(parts) {
    first_.reserve(parts.jobs());
    for (std::uint32_t job = 0; job < parts.jobs(); ++job)
      first_.push_back({parts.all[parts.first[job]].begin, job, parts.first[job]});
    std::sort(first_.begin(), first_.end());
  }

  ClusterRun run() {
    while (const std::optional<WallTime> now = next_moment()) {
      take_back(*now);
      take_arrivals(*now);
      start_first(*now);
      if (rules_.queue == QueueRule::kBackfill) start_behind(*now);
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
    if (!queue_.empty() && !returns_.empty()) consider(returns_.begin()->first);
    return next;
  }

  void take_back(WallTime now) {
    for (; !returns_.empty() && returns_.begin()->first <= now; returns_.erase(returns_.begin())) {
      in_use_ -= returns_.begin()->second;
      looked_at_ = 0;
    }
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
    const Waiting waiting{arrival, devices_of(jobs_[arrival.job].devices),
                          parts_.all[arrival.part].length};
    if (waiting.devices == 0)
      start(waiting, now);
    else
      queue_.push_back(waiting);
  }

  [[nodiscard]] bool fits(const Waiting& waiting) const {
    return !rules_.capacity || waiting.devices <= free();
  }
  [[nodiscard]] DeviceCount free() const { return *rules_.capacity - in_use_; }

  void start_first(WallTime now) {
    for (; !queue_.empty() && fits(queue_.front()); queue_.pop_front()) {
      start(queue_.front(), now);
      looked_at_ = 0;
    }
  }

  /// When the first of the queue will find its devices, and how many are left then.
  void reserve_for_first() {
    DeviceCount there = free();
    for (auto at = returns_.begin(); there < queue_.front().devices; ++at) {
      there += at->second;
      reserved_at_ = at->first;
    }
    spare_ = there - queue_.front().devices;
  }

  /// Behind the first: what ends before the first can start, or needs none of its devices. Parts
  /// that were passed over stay so until devices come back: time and spare devices only run out.
  void start_behind(WallTime now) {
    if (queue_.size() < 2) return;
    if (looked_at_ == 0) {
      reserve_for_first();
      looked_at_ = 1;
    }
    auto at = queue_.begin() + static_cast<std::ptrdiff_t>(looked_at_);
    while (looked_at_ < std::min(queue_.size(), kBackfillDepth) && free() > 0) {
      const DeviceCount devices = at->devices;
      const bool in_time = devices <= free() && now + length_from(*at, now) <= reserved_at_;
      if (devices > free() || (!in_time && devices > spare_)) {
        ++looked_at_;
        ++at;
        continue;
      }
      if (!in_time) spare_ -= devices;
      start(*at, now);
      at = queue_.erase(at);
    }
  }

  [[nodiscard]] Micros length_from(const Waiting& waiting, WallTime now) const {
    const Slowing* const slowing = rules_.slowing;
    return slowing != nullptr && slowing->caps(jobs_[waiting.arrival.job])
               ? slowing->length_from(now, waiting.length)
               : waiting.length;
  }

  void start(const Waiting& waiting, WallTime now) {
    const Arrival& arrival = waiting.arrival;
    Part& part = parts_.all[arrival.part];
    if (arrival.part == parts_.first[arrival.job]) out_.first_delays += now - part.begin;
    part.length = length_from(waiting, now);
    part.begin = now;
    if (waiting.devices > 0) {
      in_use_ += waiting.devices;
      out_.peak = std::max(out_.peak, in_use_);
      returns_[part.end()] += waiting.devices;
    }
    if (arrival.part + 1 < parts_.first[arrival.job + 1])
      later_.push({std::max(part.end(), parts_.all[arrival.part + 1].begin), arrival.job,
                   arrival.part + 1});
  }

  const std::vector<MovableJob>& jobs_;
  const ClusterRules& rules_;
  Parts& parts_;
  std::vector<Arrival> first_;  // of first parts, by time
  std::size_t next_first_ = 0;
  Earliest<Arrival> later_;  // of the parts after them
  std::deque<Waiting> queue_;
  std::map<WallTime, DeviceCount> returns_;
  DeviceCount in_use_ = 0;
  std::size_t looked_at_ = 0;  // of the queue, for backfill; 0: devices came back since
  WallTime reserved_at_{};     // when the first of the queue starts
  DeviceCount spare_ = 0;      // devices that it leaves then
  ClusterRun out_;
};

}  // namespace

DeviceCount devices_of(double count) { return std::llround(count * kPerDevice); }
double count_of_devices(DeviceCount devices) { return static_cast<double>(devices) / kPerDevice; }

ClusterRun run_cluster(const std::vector<MovableJob>& jobs, const ClusterRules& rules,
                       Parts& parts) {
  return Cluster(jobs, rules, parts).run();
}

}  // namespace joulery::simulate
