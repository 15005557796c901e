// hw: finds RAPL zones below /sys/class/powercap.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hw/file_tree.h"
#include "hw/rapl_zone.h"

namespace joulery {

inline constexpr std::string_view kPowercapDirectory = "/sys/class/powercap";

struct PowercapZone {
  RaplZone rapl;
  std::string directory;
};

/// Zones whose name is known, packages before their parts, those behind MSRs before their twins
/// behind MMIO. Looks below /sys/devices/virtual/powercap where the class directory is not there
/// (containers, copied trees).
std::vector<PowercapZone> find_powercap_zones(const FileTree& files);

}  // namespace joulery
