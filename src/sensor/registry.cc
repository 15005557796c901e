// sensor: every backend, in the order in which they are opened.
#include "sensor/registry.h"

#include <algorithm>
#include <array>

#include "base/clock.h"
#include "hw/perf_event.h"
#include "hw/privilege.h"
#include "sensor/host_usage.h"
#include "sensor/nvml.h"
#include "sensor/perf_rapl.h"
#include "sensor/powercap.h"

namespace joulery {
namespace {

// The better source of a component comes first, and GPUs before RAPL, whose psys may see them. A
// new backend is one file and one line.
constexpr std::array kBackends = {
    Backend{"nvml", open_nvml},
    Backend{"powercap", open_powercap, true},
    Backend{"perf", open_perf_rapl, true},
    Backend{"host", open_host_usage},
};

template <class Matches>
bool any_energy(const SensorSet& set, Matches matches) {
  return std::any_of(set.sensors.begin(), set.sensors.end(), [&](const auto& sensor) {
    const auto channels = sensor->channels();
    return std::any_of(channels.begin(), channels.end(), [&](const Channel& channel) {
      return channel.rule != Rule::kNone && matches(channel);
    });
  });
}

}  // namespace

bool has_energy(const SensorSet& set, ComponentKind kind) {
  return any_energy(set, [&](const Channel& channel) { return channel.kind == kind; });
}

bool has_energy(const SensorSet& set, std::string_view component) {
  return any_energy(set, [&](const Channel& channel) { return channel.component == component; });
}

std::string energy_component_ending(const SensorSet& set, std::string_view ending) {
  std::string found;
  any_energy(set, [&](const Channel& channel) {
    const bool matches = channel.component.ends_with(ending);
    if (matches) found = channel.component;
    return matches;
  });
  return found;
}

Result<SensorSet> open_sensors(const SensorOptions& options) {
  const bool real = options.sysroot.empty();
  Machine machine;
  machine.files = open_file_tree(options.sysroot);
  machine.perf = real ? open_perf_events() : nullptr;
  machine.vendor_libraries = real;
  machine.now = monotonic_now;
  return open_sensors_on(machine, options);
}

Result<SensorSet> open_sensors_on(const Machine& machine, const SensorOptions& options) {
  SensorSet set;
  for (const Backend& backend : kBackends) {
    const RootScope root(backend.as_root && options.sysroot.empty());
    JOULERY_CHECK(backend.open(machine, options, set));
  }
  return set;
}

}  // namespace joulery
