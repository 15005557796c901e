// factors: accelerators and CPUs as one table, see load_devices() of joulery/factors.h.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.h"
#include "factors/cpus.h"
#include "factors/search.h"
#include "joulery/factors.h"

namespace joulery {
namespace {

std::vector<std::string> names_of(const Accelerator& row) {
  std::vector<std::string> names{row.id};
  names.insert(names.end(), row.aliases.begin(), row.aliases.end());
  return names;
}

Cpu cpu_of(const CpuFactor& row) {
  return {.name = std::string(row.name),
          .tdp = row.tdp,
          .threads = row.threads,
          .year = static_cast<int>(row.year),
          .source = std::string(name_of(row.source))};
}

Error unknown_device(const DeviceTable& table, std::string_view name) {
  std::vector<std::string> names;
  for (const Accelerator& row : table.accelerators)
    for (const std::string& one : names_of(row)) names.push_back(one);
  for (const Cpu& cpu : table.cpus) names.push_back(cpu.name);
  const auto nearest = nearest_names(name, names);
  const std::string hint = nearest.empty() ? "joulery device list shows all"
                                           : fmt::format("nearest: {}", fmt::join(nearest, ", "));
  return {ErrorCode::kInvalid, fmt::format("unknown device '{}'; {}", name, hint)};
}

}  // namespace

Result<DeviceTable> load_devices(const std::vector<std::string>& config_files) {
  DeviceTable table;
  JOULERY_TRY(table.accelerators, load_accelerators(config_files));
  for (const CpuFactor& row : cpu_factors()) table.cpus.push_back(cpu_of(row));
  return table;
}

DeviceTable search_devices(const DeviceTable& table, const std::vector<std::string>& words) {
  DeviceTable found;
  for (const Accelerator& row : table.accelerators) {
    std::vector<std::string> texts = names_of(row);
    texts.insert(texts.end(), {row.vendor, row.kind, fmt::format("{}", row.year)});
    if (holds_words(texts, words)) found.accelerators.push_back(row);
  }
  for (const Cpu& cpu : table.cpus) {
    if (holds_words({cpu.name, "cpu", fmt::format("{}", cpu.year)}, words))
      found.cpus.push_back(cpu);
  }
  return found;
}

Result<DeviceTable> find_device(const DeviceTable& table, std::string_view name) {
  if (auto row = find_accelerator(table.accelerators, name)) return DeviceTable{{*row}, {}};
  if (const auto cpu = find_cpu_factor(name)) return DeviceTable{{}, {cpu_of(*cpu)}};
  return unknown_device(table, name);
}

}  // namespace joulery
