// hw: what /proc/cpuinfo, /proc/stat and /proc/meminfo say. Pure parsers: no text makes them fail
// hard.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace joulery {

struct CpuInfo {
  std::string model;     ///< "model name" as the kernel gives it; empty where it has none (Arm)
  std::string vendor;    ///< "vendor_id": "GenuineIntel", "AuthenticAMD"; empty on Arm
  unsigned threads = 0;  ///< logical CPUs
  unsigned sockets = 1;  ///< distinct "physical id"; 1 where there are none
  bool virtual_machine = false;  ///< the x86 "hypervisor" flag
};
CpuInfo parse_cpu_info(std::string_view cpuinfo);

/// Cumulative, over all CPUs, in seconds of CPU time.
struct CpuTimes {
  double busy = 0;   ///< user, nice, system, irq, softirq
  double total = 0;  ///< busy, idle, waiting for I/O, and stolen by the hypervisor
};
/// From the first line of /proc/stat. No allocation. Empty where that line is not whole.
std::optional<CpuTimes> parse_cpu_times(std::string_view stat);

/// In bytes.
struct MemoryUse {
  std::uint64_t total = 0;
  std::uint64_t used = 0;  ///< total less what could be had without swapping (MemAvailable)
};
/// No allocation. Empty where MemTotal or MemAvailable is absent or absurd.
std::optional<MemoryUse> parse_memory_use(std::string_view meminfo);

}  // namespace joulery
