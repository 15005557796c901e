// lease: two devices at limits that somebody has set, and a process that holds them.
#pragma once

#include <gmock/gmock.h>

#include <memory>
#include <string>
#include <vector>

#include "lease/fake_world.h"

namespace joulery {

inline constexpr const char* kA = "gpu/GPU-a/board";
inline constexpr const char* kB = "gpu/GPU-b/board";

class Leases : public testing::Test {
 protected:
  Leases() {
    world.devices[kA].requested_uw = 250'000'000;
    world.devices[kB].requested_uw = 300'000'000;
  }
  std::unique_ptr<CapLease> take(FakeProcess& by, const std::vector<std::string>& devices,
                                 std::optional<Seconds> lifetime = {}) {
    auto lease = make_fake_control(by)->take(devices, lifetime);
    if (!lease) ADD_FAILURE() << lease.error().message;
    return lease ? std::move(*lease) : nullptr;
  }
  double requested(const char* device) {
    return static_cast<double>(world.devices[device].requested_uw) / 1e6;
  }

  FakeWorld world;
  FakeProcess process{world};
};

}  // namespace joulery
