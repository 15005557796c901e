// sensor: the RAPL domains, see rapl.h.
#include "sensor/rapl.h"

#include <algorithm>
#include <cmath>

#include "hw/file_tree.h"
#include "sensor/registry.h"

namespace joulery {
namespace {

constexpr std::string_view kPsys = "node/psys";

// Khan et al., "RAPL in Action", ACM TOMPECS 3(2), 2018, and Desrochers, Paradis, Weaver, "A
// Validation of DRAM RAPL Power Measurements", MEMSYS 2016, find gains near 1 for packages and a
// roughly constant offset for DRAM; the figures are our choice in their light, AMD's wider because
// fewer have checked it. Intel gives none for psys.
constexpr double kIntelPackageGain = 0.03;
constexpr double kOtherPackageGain = 0.05;
constexpr double kDramGain = 0.10;
constexpr double kDramOffsetBound = 2;  // W, either way, each socket
constexpr double kPsysGain = 0.10;
// Packages of one model err alike in part, as boards do: our choice, no study is known.
constexpr double kSameModelCorrelation = 0.5;

Accuracy accuracy_of(RaplDomain domain, const CpuInfo& cpu) {
  Accuracy accuracy;
  accuracy.source = "Khan et al. 2018; Desrochers et al. 2016";
  accuracy.correlation = kSameModelCorrelation;
  switch (domain) {
    case RaplDomain::kDram:
      accuracy.gain_u = kDramGain;
      accuracy.offset_u = Watts(kDramOffsetBound / std::sqrt(3.0));  // of a rectangle
      accuracy.family = "rapl-dram " + cpu.model;
      break;
    case RaplDomain::kPsys:
      accuracy.gain_u = kPsysGain;
      accuracy.family = "rapl-psys " + cpu.model;
      break;
    default:
      accuracy.gain_u = cpu.vendor == "GenuineIntel" ? kIntelPackageGain : kOtherPackageGain;
      accuracy.family = "rapl-package " + cpu.model;
  }
  return accuracy;
}

bool any_component(const std::vector<Channel>& channels, std::string_view component) {
  return std::any_of(channels.begin(), channels.end(), [&](const Channel& channel) {
    return channel.component == component && channel.rule != Rule::kNone;
  });
}

/// "1-die-1" of "cpu/1-die-1/core" and of "dram/1-die-1".
std::string place_of(const std::string& component) {
  const std::size_t begin = component.find('/') + 1;
  return component.substr(begin, component.find('/', begin) - begin);
}

}  // namespace

ComponentKind rapl_kind(RaplDomain domain) {
  if (domain == RaplDomain::kDram) return ComponentKind::kDram;
  return domain == RaplDomain::kPsys ? ComponentKind::kNode : ComponentKind::kCpu;
}

Watts rapl_power_bound(RaplDomain domain) {
  // Twice the highest TDP of a package that is sold (500 W: Intel Xeon 6980P, AMD EPYC 9965), which
  // no socket's DRAM reaches either. A node with eight accelerators of 1.2 kW draws less than 20
  // kW.
  return domain == RaplDomain::kPsys ? Watts(20'000) : Watts(1'000);
}

Watts powercap_power_bound(const FileTree& files, const PowercapZone& zone) {
  // long_term, short_term and peak_power are the constraints that Linux knows. Twice the limit,
  // because a limit holds for a mean over milliseconds and more, and two refreshes of the counter
  // may fall between two reads.
  double largest_uw = 0;
  for (int i = 0; i < 3; ++i)
    for (const char* kind : {"max_power_uw", "power_limit_uw"}) {
      const std::string path = zone.directory + "/constraint_" + std::to_string(i) + "_" + kind;
      largest_uw = std::max(largest_uw, static_cast<double>(files.read_u64(path).value_or(0)));
    }
  const Watts bound = rapl_power_bound(zone.rapl.domain);
  // Firmware states nonsense at both ends: 0 W, and 4095 W for "no limit".
  constexpr Watts kLeast{100};
  return largest_uw > 0 ? std::clamp(Watts(2 * largest_uw * 1e-6), kLeast, bound) : bound;
}

Channel rapl_channel(const RaplZone& zone, const CpuInfo& cpu, std::string_view source) {
  Channel channel;
  channel.component = rapl_component(zone);
  channel.id = channel.component + "/energy";
  channel.kind = rapl_kind(zone.domain);
  channel.measure = Measure::kEnergy;
  channel.rule = Rule::kCounter;
  channel.evidence = Evidence::kMeasured;
  channel.source = source;
  channel.model = zone.domain == RaplDomain::kPsys ? "" : cpu.model;
  channel.resolution = 1e-6;
  channel.update_period =
      Seconds(1e-3);  // Linux, Documentation/hwmon/amd_energy.rst; Intel SDM vol. 3B, 15.10
  channel.max_power = rapl_power_bound(zone.domain);
  channel.accuracy = accuracy_of(zone.domain, cpu);
  // The MSR behind it is each core's own: the kernel reads that of one core in the package.
  if (zone.domain == RaplDomain::kCore && cpu.vendor == "AuthenticAMD")
    channel.flags.emplace_back("single-core");
  if (zone.domain == RaplDomain::kPsys) channel.flags.emplace_back("platform-scope");
  return channel;
}

void relate_rapl_channels(std::vector<Channel>& channels, const SensorSet& set) {
  const bool has_gpus = has_energy(set, ComponentKind::kGpu);
  const auto counted = [&](std::string_view component) {
    return any_component(channels, component) || has_energy(set, component);
  };
  for (Channel& channel : channels)
    if (has_gpus && channel.kind == ComponentKind::kNode) channel.rule = Rule::kNone;
  for (Channel& channel : channels) {
    if (channel.kind == ComponentKind::kNode) continue;
    const std::string place = place_of(channel.component);
    const std::string package = "cpu/" + place + "/package";
    // Platforms with a psys counter for each package number all but the first.
    const std::string own_psys = std::string(kPsys) + "-" + place.substr(0, place.find('-'));
    const bool is_part = channel.kind == ComponentKind::kCpu && channel.component != package;
    if (is_part)
      channel.part_of = package;
    else if (counted(own_psys))
      channel.part_of = own_psys;
    else if (counted(kPsys))
      channel.part_of = kPsys;
  }
}

std::string rapl_note(const Channel& channel) {
  if (channel.rule == Rule::kNone) return "; not counted, because it may see the GPUs too";
  if (channel.part_of) return "; part of " + *channel.part_of + ", which counts it";
  return "";
}

std::string no_rapl_advice(const CpuInfo& cpu) {
  if (cpu.virtual_machine) return "virtual machines rarely see RAPL: measure on the host";
  if (cpu.vendor.empty()) return "";
  return "as root: modprobe intel_rapl_msr (for Intel and AMD)";
}

CpuInfo read_cpu_info(const FileTree& files) {
  return parse_cpu_info(files.read("/proc/cpuinfo").value_or(std::string()));
}

}  // namespace joulery
