// simulate: N devices and a queue before them.
#pragma once

#include <cstdint>
#include <optional>

#include "simulate/parts.h"
#include "simulate/slowing.h"

namespace joulery::simulate {

/// Devices are counted in millionths, so that sums of fractions are exact.
using DeviceCount = std::int64_t;
DeviceCount devices_of(double count);
double count_of_devices(DeviceCount devices);

struct ClusterRun {
  DeviceCount peak = 0;
  std::uint64_t peak_queue = 0;
  Seconds first_delays{0};  ///< of the first parts of all jobs, against the plan
};

/// Every job needs at most `capacity`; empty: there are as many devices as are needed.
struct ClusterRules {
  std::optional<DeviceCount> capacity;
  QueueRule queue = QueueRule::kFifo;
  const Slowing* slowing = nullptr;  ///< makes parts longer, where not null
};

/// Moves the parts to when they run: none before it was planned for, nor before the part ahead of
/// it is over; in the order in which that is so; one that does not fit holds all behind it, or all
/// that would delay it. Parts of jobs without devices never wait. O(n log n).
ClusterRun run_cluster(const std::vector<MovableJob>& jobs, const ClusterRules& rules,
                       Parts& parts);

}  // namespace joulery::simulate
