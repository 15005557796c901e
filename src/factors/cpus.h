// factors: rated power of CPUs, by the name that /proc/cpuinfo gives them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "joulery/units.h"

namespace joulery {

enum class CpuFigureSource : std::uint8_t {
  kIntelArk,  ///< Intel, ark.intel.com: "TDP", or "Processor Base Power" since the 12th generation
  kAmdSpecification,  ///< AMD, product specifications on amd.com: "Default TDP"
  kListing,  ///< made for one cloud, not published by its vendor: public listings of such parts
};
std::string_view name_of(CpuFigureSource source);

/// One package.
struct CpuFactor {
  std::string_view
      name;  ///< without trade marks, core counts and frequencies: "Intel Xeon E5-2620 v3"
  Watts tdp;
  unsigned threads = 0;
  unsigned year = 0;  ///< of launch
  CpuFigureSource source = CpuFigureSource::kListing;
};

std::span<const CpuFactor> cpu_factors();

/// The row for a "model name" of /proc/cpuinfo, e.g. "AMD EPYC 8024P 8-Core Processor". No partial
/// matches: a wrong row is worse than none.
std::optional<CpuFactor> find_cpu_factor(std::string_view model_name);

}  // namespace joulery
