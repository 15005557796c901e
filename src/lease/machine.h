// lease: one machine's devices, records and host together, as all who take and give back need them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actuator/registry.h"
#include "joulery/lease.h"
#include "lease/book.h"
#include "lease/host.h"

namespace joulery {

class LeaseMachine {
 public:
  LeaseMachine(PowerCaps power_caps, std::unique_ptr<LeaseFiles> lease_files,
               std::unique_ptr<LeaseHost> lease_host)
      : caps(std::move(power_caps)),
        files(std::move(lease_files)),
        host(std::move(lease_host)),
        book(*files) {}

  /// Null where there is no such device.
  PowerCap* find(std::string_view device) {
    for (const auto& cap : caps)
      if (cap->info().id == device) return cap.get();
    return nullptr;
  }

  PowerCaps caps;
  std::unique_ptr<LeaseFiles> files;
  std::unique_ptr<LeaseHost> host;
  LeaseBook book;
};

/// The machine that `options` name, with the real host. Errors: kInvalid (a GPU that is not there).
Result<std::shared_ptr<LeaseMachine>> open_lease_machine(const CapOptions& options,
                                                         GuardSetting guard, HolderName name);

/// Gives back the devices of one lease, each under its lock and all at once: one that hangs delays
/// no other. Errors: kTransient, kDenied.
Result<std::vector<GivenBack>> give_back_lease(LeaseMachine& machine, std::uint64_t lease);

/// Whether a guard could give the lease back: it finds and reads each device. Errors: kUnavailable,
/// those of PowerCap::read().
Result<void> check_guardable(LeaseMachine& machine, std::uint64_t lease);

using OpenMachine = std::function<Result<std::shared_ptr<LeaseMachine>>()>;
/// Tries again until no record of the lease is left: first on `machine` where it is not null, which
/// has kept the driver and so its limits, then on one that is opened anew. Each device in a thread
/// of its own, from which `open` is called. `host` waits; it outlives the machines.
void give_back_until_done(std::uint64_t lease, std::shared_ptr<LeaseMachine> machine,
                          const OpenMachine& open, LeaseHost& host);

/// What tells a container from the machine itself.
struct Surroundings {
  std::string users, processes;  ///< "user:[4026531837]", of /proc/self/ns
  bool sees_hosts_directory = false;
};
/// Why leases written here would not protect the machine; empty: they do.
std::string container_reason(const Surroundings& here, const std::string& lease_dir);

/// Why no limit can be set from this process, whatever the device.
struct NoRight {
  Error error;
  std::string advice;
  bool container = false;  ///< does not hold for a device that is simulated
};
std::optional<NoRight> find_missing_right(const std::string& sysroot, const std::string& lease_dir);

}  // namespace joulery
