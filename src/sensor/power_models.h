// sensor: power of CPUs and memory from their use, for machines without a sensor. Pure functions.
#pragma once

#include <cstdint>
#include <string>

#include "hw/proc_files.h"
#include "joulery/sample.h"

namespace joulery {

/// Rated power of what this machine, or its share of one, has of CPUs.
struct CpuRating {
  enum class Origin : std::uint8_t {
    kListed,         ///< table x sockets
    kShareOfListed,  ///< virtual machine: table x the share of the package's threads that it sees
    kDefault,        ///< unknown model: threads x the table's median
  };
  Watts tdp{};
  Origin origin = Origin::kDefault;
  std::string why;  ///< in words, with the source
};
CpuRating rate_cpu(const CpuInfo& cpu);

/// Mean power at `load`, the busy share 0..1 of all CPU time.
Watts cpu_model_power(double load, Watts tdp);
/// Its error: u(P) = sqrt((gain_u P)^2 + offset_u^2).
Accuracy cpu_model_accuracy(const CpuRating& rating);

/// Power of `bytes` of installed memory, whatever its use.
Watts dram_model_power(std::uint64_t bytes);
Accuracy dram_model_accuracy();

}  // namespace joulery
