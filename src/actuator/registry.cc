// actuator: the table of kinds, see registry.h.
#include "actuator/registry.h"

#include <array>

namespace joulery {
namespace {

// In the order in which they are listed. A new kind is one file and one line.
constexpr std::array<OpenPowerCaps, 2> kKinds = {open_nvml_limits, open_rapl_limits};

}  // namespace

Result<PowerCaps> open_power_caps(const CapMachine& machine) {
  PowerCaps caps;
  for (const OpenPowerCaps open : kKinds) JOULERY_CHECK(open(machine, caps));
  return caps;
}

}  // namespace joulery
