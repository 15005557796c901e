// actuator: the long-term power limits of CPU packages, through powercap (Linux,
// Documentation/power/powercap/powercap.rst).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "actuator/registry.h"
#include "hw/powercap_zones.h"
#include "hw/privilege.h"
#include "hw/proc_files.h"

namespace joulery {
namespace {

constexpr double kMicrowatts = 1e6;
constexpr const char* kLongTerm = "long_term";
constexpr int kMostConstraints = 3;  // long_term, short_term, peak_power: intel_rapl_common.c

/// "ZONE/constraint_0_", of the limit that holds in the long run; empty: the zone has none.
std::string find_constraint(const FileTree& files, const std::string& zone) {
  for (int i = 0; i < kMostConstraints; ++i) {
    const std::string prefix = fmt::format("{}/constraint_{}_", zone, i);
    if (files.read(prefix + "name").value_or(std::string()) == kLongTerm) return prefix;
  }
  return {};
}

class RaplLimit final : public PowerCap {
 public:
  RaplLimit(const CapMachine& machine, const PowercapZone& zone, std::string model)
      : files_(machine.files),
        as_root_(machine.as_root),
        prefix_(find_constraint(*files_, zone.directory)) {
    info_.id = rapl_component(zone.rapl);
    info_.kind = ComponentKind::kCpu;
    info_.model = std::move(model);
    // AMD's packages are counted by RAPL but not limited by it.
    if (prefix_.empty())
      info_.refusal.why = zone.directory + ": has no constraint " + kLongTerm;
    else if (files_->read(zone.directory + "/enabled").value_or(std::string("1")) == "0")
      info_.refusal = {zone.directory + "/enabled is 0: its limits are switched off",
                       "as root: echo 1 > " + zone.directory + "/enabled"};
  }

  const CapInfo& info() const override { return info_; }

  Result<CapReading> read() override {
    if (prefix_.empty()) return Error{ErrorCode::kUnavailable, info_.refusal.why};
    JOULERY_TRY(const std::uint64_t requested_uw, files_->read_u64(prefix_ + "power_limit_uw"));
    CapReading reading;
    reading.requested = Watts(static_cast<double>(requested_uw) / kMicrowatts);
    // RAPL tells neither its firmware's limit nor a least one. Some firmware states 0 as the most.
    const auto most_uw = files_->read_u64(prefix_ + "max_power_uw").value_or(0);
    if (most_uw > 0)
      reading.most = Watts(static_cast<double>(std::max(most_uw, requested_uw)) / kMicrowatts);
    return reading;
  }

  Result<void> write(Watts limit) override {
    const double uw = std::round(limit.count() * kMicrowatts);
    if (prefix_.empty() || !(uw >= 1 && uw <= 1e12))
      return Error{ErrorCode::kInvalid, fmt::format("{}: no limit: {} W", info_.id, limit.count())};
    const RootScope root(as_root_);
    auto done = files_->write(prefix_ + "power_limit_uw",
                              fmt::format("{}", static_cast<std::uint64_t>(uw)));
    if (!done && done.error().code == ErrorCode::kDenied)
      return Error{ErrorCode::kDenied,
                   done.error().message + " (no right, or the firmware has locked it)"};
    return done;
  }

 private:
  std::shared_ptr<const FileTree> files_;
  bool as_root_;
  std::string prefix_;
  CapInfo info_;
};

}  // namespace

Result<void> open_rapl_limits(const CapMachine& machine, PowerCaps& caps) {
  const std::string model =
      parse_cpu_info(machine.files->read("/proc/cpuinfo").value_or(std::string())).model;
  std::vector<std::string> seen;
  for (const PowercapZone& zone : find_powercap_zones(*machine.files)) {
    if (zone.rapl.domain != RaplDomain::kPackage) continue;
    // The twin behind MMIO has a limit of its own, and the lower of both holds.
    const std::string id = rapl_component(zone.rapl);
    if (std::find(seen.begin(), seen.end(), id) != seen.end()) continue;
    seen.push_back(id);
    caps.push_back(std::make_unique<RaplLimit>(machine, zone, model));
  }
  return {};
}

}  // namespace joulery
