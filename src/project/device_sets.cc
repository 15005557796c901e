// project: devices and sets of them, see device_sets.h.
#include "project/device_sets.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/text.h"

namespace joulery::project {
namespace {

// Slurm's counts that mean "not known": NO_VAL64 is 2^64 - 2 (slurm/slurm.h), and a real count of
// joules or GPUs stays far below half of it.
constexpr double kNoValue = 9.2e18;

std::uint64_t hash_of(const DeviceSet& set) {
  std::uint64_t hash = 0;
  for (const DeviceCount& part : set)
    hash = mixed(mixed(hash + part.device + 1) + std::bit_cast<std::uint64_t>(part.count));
  return hash;
}

std::optional<double> count_of(std::string_view text) {
  double value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = rest == text.data() + text.size();
  if (error != std::errc() || !whole || !std::isfinite(value) || value < 0 || value > kNoValue)
    return {};
  return value;
}

void put_untyped_rest(double untyped, TresCounts& out) {
  for (const auto& [kind, count] : out.gpus) untyped -= count;
  if (untyped > 0) out.gpus.emplace_back(std::string_view(), untyped);
}

void take_tres_part(std::string_view key, std::string_view text, double& untyped, TresCounts& out) {
  constexpr std::string_view kGpu = "gres/gpu";
  const bool gpu = key.starts_with(kGpu) && (key.size() == kGpu.size() || key[kGpu.size()] == ':');
  if (!gpu && key != "cpu" && key != "energy") return;
  const auto count = count_of(text);
  if (key == "energy") {
    out.energy_j = count.value_or(0);
  } else if (!count) {
    out.garbled = true;
  } else if (key == "cpu") {
    out.cpus = *count;
  } else if (key.size() == kGpu.size()) {
    untyped = *count;
  } else if (*count > 0) {
    out.gpus.emplace_back(key.substr(kGpu.size() + 1), *count);
  }
}

}  // namespace

void add_to(DeviceSet& set, DeviceCount more) {
  for (DeviceCount& held : set)
    if (held.device == more.device) {
      held.count += more.count;
      return;
    }
  set.push_back(more);
}

std::uint32_t DeviceSets::device(std::string_view name) {
  const std::string wanted = lower(name.substr(0, 128));
  if (const auto found = by_name_.find(wanted); found != by_name_.end()) return found->second;
  if (names_.size() == kMostDevices) return kMostDevices - 1;
  const auto id = static_cast<std::uint32_t>(names_.size());
  names_.emplace_back(names_.size() + 1 == kMostDevices ? "other" : name.substr(0, 128));
  by_name_.emplace(wanted, id);
  return id;
}

std::uint32_t DeviceSets::put(const DeviceSet& set) {
  if (!sets_.empty() && sets_[last_] == set) return last_;
  const std::uint64_t hash = hash_of(set);
  const auto same = [&](std::uint32_t number) { return sets_[number] == set; };
  if (const std::uint32_t* known = by_hash_.find(hash, same)) return last_ = *known;
  if (sets_.size() == kMostSets) {
    full_ = true;
    return last_;
  }
  last_ = static_cast<std::uint32_t>(sets_.size());
  sets_.push_back(set);
  by_hash_.add(hash, last_);
  return last_;
}

void parse_tres(std::string_view text, TresCounts& out) {
  out.gpus.clear();
  out.cpus = out.energy_j = 0;
  out.garbled = false;
  double untyped = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::string_view part = text.substr(0, end);
    const std::size_t equals = part.find('=');
    if (equals != std::string_view::npos)
      take_tres_part(part.substr(0, equals), part.substr(equals + 1), untyped, out);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  put_untyped_rest(untyped, out);
}

void parse_gres(std::string_view text, double nodes, TresCounts& out) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    part = part.substr(0, part.find('('));
    if (part.starts_with("gres:")) part.remove_prefix(5);
    if (part != "gpu" && !part.starts_with("gpu:")) continue;
    const std::size_t last = part.rfind(':');
    const auto count = part == "gpu" ? std::optional(1.0) : count_of(part.substr(last + 1));
    const std::string_view kind =
        last != std::string_view::npos && last > 4 ? part.substr(4, last - 4) : "";
    if (!count)
      out.garbled = true;
    else if (*count > 0)
      out.gpus.emplace_back(kind, *count * nodes);
  }
}

}  // namespace joulery::project
