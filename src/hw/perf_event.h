// hw: counters of the kernel's system-wide PMUs through perf_event_open, behind a seam for tests.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "joulery/result.h"

namespace joulery {

/// An event that is counted on one CPU for all processes: what /sys/bus/event_source/devices/PMU
/// tells.
struct PerfEvent {
  std::uint32_t type = 0;    ///< the PMU's "type" file
  std::uint64_t config = 0;  ///< from the PMU's "events/NAME" file
  int cpu = 0;               ///< one that the PMU's "cpumask" names
  std::string name;          ///< for messages: "power/energy-pkg/ on CPU 0"
};

/// An open event. Thread-compatible; closed by its destructor.
class PerfCounter {
 public:
  virtual ~PerfCounter() = default;
  /// Counts since it was opened, extended to 64 bits by the kernel. One read(2), no allocation.
  /// Errors: kGone, kTransient.
  virtual Result<std::uint64_t> read() = 0;
};

class PerfEvents {
 public:
  virtual ~PerfEvents() = default;
  /// Errors: kDenied (kernel.perf_event_paranoid, a container's seccomp filter), kUnavailable.
  virtual Result<std::unique_ptr<PerfCounter>> open(const PerfEvent& event) = 0;
};

/// This machine's.
std::shared_ptr<PerfEvents> open_perf_events();

}  // namespace joulery
