// estimate: power that is given or stands in a table, see power_source.h.
#include "estimate/power_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "estimate/keys.h"
#include "estimate/scaled_run.h"
#include "estimate/written.h"

namespace joulery::estimate {
namespace {

// A power or energy that comes without uncertainty is taken to be as good as the sensor of a board:
// 13 boards spread by 5.2 % (Yang, Adamek, Armour, SC24, arXiv 2312.02741).
constexpr double kUnstatedU = 0.05;
// What boards draw in training, of their TDP: mean and standard deviation over 121 training jobs on
// V100 and A40 at the highest cap (the published sweeps of You, Chung, Chowdhury, "Zeus", NSDI
// 2023).
constexpr double kTypicalShare = 0.60;
constexpr double kTypicalShareU = 0.27;
// A choice: a stated utilisation is of time, not of power; half of what nothing said would leave.
constexpr double kStatedShareU = kTypicalShareU / 2;

const char* const kUnstatedNote = "no uncertainty given: taken as 5 %";

bool states_spread(const WrittenValue& value) {
  return value.text.find("+-") != std::string::npos || value.text.find("±") != std::string::npos;
}

Estimate<Watts> times_count(Estimate<Watts> power, double count) {
  power.value = *power.value * count;
  power.u = power.u * count;
  return power;
}

/// The host's parts, each of which a flag may give.
struct HostPart {
  const char* key;
  const char* kind;
};
constexpr std::array kHost = {HostPart{"cpu_power", "cpu"}, HostPart{"dram_power", "dram"},
                              HostPart{"rest_power", "rest"}};

bool gives_host(const WrittenRow& row) {
  return std::any_of(kHost.begin(), kHost.end(),
                     [&](const HostPart& part) { return find(row, part.key) != nullptr; });
}

void exclude(EstimateRequest& request, const std::string& kind) {
  auto& list = request.excludes;
  if (std::find(list.begin(), list.end(), kind) == list.end()) list.push_back(kind);
}

/// Adds the parts that are given, and names the others as left out. A run that measured a part
/// leaves none to be given.
Result<void> put_host(const WrittenRow& row, EstimateRequest& request) {
  for (const auto& [key, kind] : kHost) {
    const WrittenValue* value = find(row, key);
    const bool seen = std::any_of(request.parts.begin(), request.parts.end(),
                                  [&, name = kind](const PartPower& p) { return p.kind == name; });
    if (value == nullptr) {
      if (!seen) exclude(request, kind);
      continue;
    }
    if (seen)
      return error_of(*value, "is counted already: the run measured it", "no " + value->where);
    JOULERY_TRY(Estimate<Watts> power, read_power(*value, kUnstatedU));
    power.top = std::string(kind) + " power";
    request.parts.push_back({kind, power, "given"});
    std::erase(request.excludes, kind);
  }
  return {};
}

/// What speaks of a whole machine has no room for a part of one.
Result<void> refuse_host(const WrittenRow& row, const std::string& why) {
  for (const auto& [key, kind] : kHost)
    if (const WrittenValue* value = find(row, key); value != nullptr)
      return error_of(*value, "would be counted twice: " + why, "no " + value->where);
  return {};
}

Result<void> put_given(const WrittenRow& row, const WrittenValue& value, EstimateRequest& request) {
  if (trim(value.text) == "unknown") {
    request.no_power = "its power is said to be unknown (power)";
    return {};
  }
  JOULERY_TRY(const Estimate<Watts> power, read_power(value, kUnstatedU));
  request.parts.push_back({"gpu", times_count(power, request.count.value_or(1)), "given"});
  if (!states_spread(value)) request.notes.push_back(std::string("power: ") + kUnstatedNote);
  return put_host(row, request);
}

Result<void> put_node(const WrittenRow& row, const WrittenValue& value, EstimateRequest& request) {
  JOULERY_CHECK(refuse_host(row, "the node's power is of all parts together"));
  JOULERY_TRY(const Estimate<Watts> power, read_power(value, kUnstatedU));
  request.parts.push_back({"node", power, "given"});
  if (!states_spread(value)) request.notes.push_back(std::string("node power: ") + kUnstatedNote);
  return {};
}

Result<void> put_energy(const WrittenRow& row, const WrittenValue& value,
                        EstimateRequest& request) {
  JOULERY_CHECK(refuse_host(row, "the energy is given"));
  GivenEnergy given;
  JOULERY_TRY(given.energy, read_energy(value, kUnstatedU));
  if (const WrittenValue* includes = find(row, "energy_includes_pue")) {
    JOULERY_TRY(given.includes_pue, read_switch(*includes));
  }
  request.energy = given;
  if (!states_spread(value)) request.notes.push_back(std::string("energy: ") + kUnstatedNote);
  return {};
}

Result<void> put_tdp(const WrittenRow& row, EstimateRequest& request) {
  const Accelerator& device = *request.device;
  double share = kTypicalShare;
  double share_u = kTypicalShareU;
  if (const WrittenValue* value = find(row, "utilisation")) {
    JOULERY_TRY(share, read_share(*value));
    share_u = kStatedShareU;
  }
  const Watts tdp = *device.tdp;
  const auto each =
      Estimate<Watts>::of(tdp * share, tdp * share_u, Evidence::kModelled, "share of the TDP", 0);
  request.parts.push_back({"gpu", times_count(each, request.count.value_or(1)),
                           fmt::format("{:.4g} % of the TDP of {}, {:.4g} W ({})", 100 * share,
                                       device.id, tdp.count(), device.tdp_source)});
  request.notes.push_back(fmt::format(
      "power: a TDP is a bound, not a draw: 121 training jobs on V100 and A40 drew 60 % "
      "of it with a standard deviation of 27 % (data of Zeus, NSDI 2023){}",
      share == kTypicalShare ? "" : "; u is half of that, since a share was given"));
  return put_host(row, request);
}

Result<void> put_table(const WrittenRow& row, EstimateRequest& request) {
  const WrittenValue* share = find(row, "utilisation");
  if (!request.device) {
    if (share != nullptr)
      return error_of(*share, "needs a device, whose TDP it is a share of", "60%");
    request.no_power =
        "no power: --power, --node-power, --from, --energy, or a --device that the table knows";
    return {};
  }
  const Accelerator& device = *request.device;
  const bool average = device.average_power && share == nullptr && !gives_host(row);
  if (average) {
    request.parts.push_back({"node", times_count(device.average_power, request.count.value_or(1)),
                             "mean of its system in training: " + device.average_power_source});
    if (!device.note.empty()) request.notes.push_back(device.id + ": " + device.note);
    return {};
  }
  if (device.tdp) return put_tdp(row, request);
  request.no_power = fmt::format("no power of {} is in the table: --power", device.id);
  return {};
}

/// The keys that say where power comes from: one at most.
Result<const WrittenValue*> only_source(const WrittenRow& row) {
  const WrittenValue* found = nullptr;
  for (const char* key : {"power", "node_power", "from", "energy", "utilisation"}) {
    const WrittenValue* value = find(row, key);
    if (value == nullptr) continue;
    if (found != nullptr)
      return error_of(*value, "is a second source of power, beside " + found->where, "one of them");
    found = value;
  }
  return found;
}

}  // namespace

Result<void> put_power(const WrittenRow& row, const EstimateSources& sources,
                       EstimateRequest& request) {
  JOULERY_CHECK(only_source(row));
  if (const WrittenValue* value = find(row, "energy_includes_pue");
      value != nullptr && find(row, "energy") == nullptr)
    return error_of(*value, "is of an energy, and none is given", "energy 1287MWh");
  if (const WrittenValue* value = find(row, "gpus_per_node");
      value != nullptr && find(row, "from") == nullptr)
    return error_of(*value, "is of the hosts of a measured run, and none is given", "from last");
  if (const WrittenValue* value = find(row, "power")) return put_given(row, *value, request);
  if (const WrittenValue* value = find(row, "node_power")) return put_node(row, *value, request);
  if (const WrittenValue* value = find(row, "energy")) return put_energy(row, *value, request);
  if (const WrittenValue* value = find(row, "from")) {
    JOULERY_CHECK(put_run(row, *value, sources, request));
    return request.parts.front().kind == "node"
               ? refuse_host(row, "the run's meter is of the whole node")
               : put_host(row, request);
  }
  return put_table(row, request);
}

}  // namespace joulery::estimate
