// hw: parsers of /proc, see proc_files.h.
#include "hw/proc_files.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "base/text.h"

namespace joulery {
namespace {

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

/// The next number of a line, with the blanks before it; empty at anything else.
std::optional<std::uint64_t> take_number(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  std::uint64_t value = 0;
  const auto [rest, error] = std::from_chars(line.data(), line.data() + line.size(), value);
  if (error != std::errc()) return std::nullopt;
  line.remove_prefix(static_cast<std::size_t>(rest - line.data()));
  return value;
}

/// Of "MemTotal:       24684084 kB", in bytes.
std::optional<std::uint64_t> find_memory(std::string_view meminfo, std::string_view key) {
  while (!meminfo.empty()) {
    std::string_view line = take_line(meminfo);
    if (!line.starts_with(key)) continue;
    line.remove_prefix(key.size());
    const auto kibibytes = take_number(line);
    constexpr std::uint64_t kMost = std::uint64_t{1}
                                    << 50;  // 2^60 B, so that x 1024 stays in range
    if (!kibibytes || *kibibytes > kMost || trim(line) != "kB") return std::nullopt;
    return *kibibytes * 1024;
  }
  return std::nullopt;
}

}  // namespace

CpuInfo parse_cpu_info(std::string_view cpuinfo) {
  CpuInfo info;
  std::vector<std::string_view> packages;
  while (!cpuinfo.empty()) {
    const std::string_view line = take_line(cpuinfo);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view key = trim(line.substr(0, colon));
    const std::string_view value = trim(line.substr(colon + 1));
    if (key == "processor") ++info.threads;
    if (key == "model name" && info.model.empty()) info.model = value;
    if (key == "vendor_id" && info.vendor.empty()) info.vendor = value;
    if (key == "flags" && !info.virtual_machine)
      info.virtual_machine =
          (" " + std::string(value) + " ").find(" hypervisor ") != std::string::npos;
    // Packages come in runs: comparing with the last one keeps the list short.
    if (key == "physical id" && (packages.empty() || packages.back() != value))
      packages.push_back(value);
  }
  std::sort(packages.begin(), packages.end());
  const auto distinct = std::unique(packages.begin(), packages.end()) - packages.begin();
  info.sockets = std::max(1U, static_cast<unsigned>(distinct));
  return info;
}

std::optional<CpuTimes> parse_cpu_times(std::string_view stat) {
  std::string_view line = take_line(stat);
  if (!line.starts_with("cpu ")) return std::nullopt;
  line.remove_prefix(4);
  enum Column { kUser, kNice, kSystem, kIdle, kIoWait, kIrq, kSoftIrq, kSteal, kColumns };
  std::array<double, kColumns> seconds{};
  // USER_HZ, the unit of /proc/stat: 100 on every architecture that is still built.
  constexpr double kTicksPerSecond = 100;
  for (double& column : seconds) {
    const auto ticks = take_number(line);
    if (!ticks) return std::nullopt;
    column = static_cast<double>(*ticks) / kTicksPerSecond;
  }
  CpuTimes times;
  times.busy =
      seconds[kUser] + seconds[kNice] + seconds[kSystem] + seconds[kIrq] + seconds[kSoftIrq];
  times.total = times.busy + seconds[kIdle] + seconds[kIoWait] + seconds[kSteal];
  return times;
}

std::optional<MemoryUse> parse_memory_use(std::string_view meminfo) {
  const auto total = find_memory(meminfo, "MemTotal:");
  const auto available = find_memory(meminfo, "MemAvailable:");
  if (!total || !available || *total == 0 || *available > *total) return std::nullopt;
  return MemoryUse{*total, *total - *available};
}

}  // namespace joulery
