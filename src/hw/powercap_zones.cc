// hw: RAPL zones below /sys/class/powercap, see powercap_zones.h.
#include "hw/powercap_zones.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace joulery {
namespace {

constexpr std::string_view kVirtualDirectory = "/sys/devices/virtual/powercap";
constexpr std::string_view kPsys = "node/psys";
constexpr std::string_view kZonePrefix = "intel-rapl";  // AMD's too

/// "intel-rapl:0:1" and where it lies.
struct Entry {
  std::string name;
  std::string directory;
};

bool is_zone(std::string_view name) {
  return name.starts_with(kZonePrefix) && name.find(':') != std::string_view::npos;
}

/// In the class directory all zones lie flat, as links; below the device they are nested, three
/// deep.
void add_entries(const FileTree& files, const std::string& directory, int depth,
                 std::vector<Entry>& entries) {
  for (const std::string& name : files.list(directory).value_or(std::vector<std::string>())) {
    const std::string path = fmt::format("{}/{}", directory, name);
    if (is_zone(name)) entries.push_back({name, path});
    if (depth > 0 && name.starts_with(kZonePrefix)) add_entries(files, path, depth - 1, entries);
  }
}

std::vector<Entry> find_entries(const FileTree& files) {
  std::vector<Entry> entries;
  add_entries(files, std::string(kPowercapDirectory), 0, entries);
  if (entries.empty()) add_entries(files, std::string(kVirtualDirectory), 3, entries);
  const auto rank = [](const Entry& entry) {
    const bool mmio = entry.name.starts_with("intel-rapl-");
    return std::make_pair(mmio, entry.name);
  };
  std::sort(entries.begin(), entries.end(),
            [&](const Entry& a, const Entry& b) { return rank(a) < rank(b); });
  return entries;
}

std::optional<std::string> package_place(const std::string& name) {
  constexpr std::string_view kPackage = "package-";
  if (!name.starts_with(kPackage) || name.size() == kPackage.size()) return std::nullopt;
  return name.substr(kPackage.size());
}

/// `parent`: the name of the zone that this one lies in; empty at the top.
std::optional<RaplZone> parse_zone(const std::string& name, const std::string& parent) {
  if (const auto place = package_place(name)) return RaplZone{RaplDomain::kPackage, *place};
  if (name == "psys") return RaplZone{RaplDomain::kPsys, ""};
  if (name.starts_with("psys-")) return RaplZone{RaplDomain::kPsys, name.substr(5)};
  const auto place = package_place(parent);
  if (!place) return std::nullopt;
  if (name == "core") return RaplZone{RaplDomain::kCore, *place};
  if (name == "uncore") return RaplZone{RaplDomain::kUncore, *place};
  if (name == "dram") return RaplZone{RaplDomain::kDram, *place};
  return std::nullopt;
}

std::string parent_name(const FileTree& files, const std::vector<Entry>& entries,
                        const std::string& name) {
  const std::string parent = name.substr(0, name.rfind(':'));
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& entry) { return entry.name == parent; });
  if (found == entries.end()) return {};
  return files.read(found->directory + "/name").value_or(std::string());
}

}  // namespace

std::vector<PowercapZone> find_powercap_zones(const FileTree& files) {
  const std::vector<Entry> entries = find_entries(files);
  std::vector<PowercapZone> zones;
  for (const Entry& entry : entries) {
    const auto name = files.read(entry.directory + "/name");
    if (!name) continue;
    if (auto zone = parse_zone(*name, parent_name(files, entries, entry.name)))
      zones.push_back({std::move(*zone), entry.directory});
  }
  return zones;
}

std::string rapl_component(const RaplZone& zone) {
  switch (zone.domain) {
    case RaplDomain::kPackage:
      return "cpu/" + zone.place + "/package";
    case RaplDomain::kCore:
      return "cpu/" + zone.place + "/core";
    case RaplDomain::kUncore:
      return "cpu/" + zone.place + "/uncore";
    case RaplDomain::kDram:
      return "dram/" + zone.place;
    case RaplDomain::kPsys:
      break;
  }
  return std::string(kPsys) + (zone.place.empty() ? "" : "-" + zone.place);
}

}  // namespace joulery
