// sensor: what the RAPL domains are, whichever way they are read (powercap, perf).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hw/powercap_zones.h"
#include "hw/proc_files.h"
#include "hw/rapl_zone.h"
#include "joulery/sample.h"
#include "joulery/sensor.h"

namespace joulery {

ComponentKind rapl_kind(RaplDomain domain);
/// More than a domain draws where the machine states no limit.
Watts rapl_power_bound(RaplDomain domain);
/// More than the zone draws: twice the largest limit that it states, within what its domain can
/// draw at all.
Watts powercap_power_bound(const FileTree& files, const PowercapZone& zone);
/// Its energy channel, with the accuracy of its domain and vendor.
Channel rapl_channel(const RaplZone& zone, const CpuInfo& cpu, std::string_view source);
/// Says which channel of one machine counts another's energy already: a package its cores, psys the
/// packages and DRAM. With GPUs on the machine psys becomes no energy at all: it may see them too,
/// so that adding both would count twice. `set`: what was opened before them.
void relate_rapl_channels(std::vector<Channel>& channels, const SensorSet& set);

/// What a report adds about a channel that does not count by itself; empty for the others.
std::string rapl_note(const Channel& channel);

/// What a user can do about a machine without RAPL.
std::string no_rapl_advice(const CpuInfo& cpu);
/// /proc/cpuinfo, or an empty CpuInfo where there is none.
CpuInfo read_cpu_info(const FileTree& files);

}  // namespace joulery
