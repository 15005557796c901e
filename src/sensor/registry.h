// sensor: the table of backends and the machine that they look at. See docs/sensors.md for how to
// add one.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "hw/file_tree.h"
#include "joulery/sensor.h"

namespace joulery {

class PerfEvents;  // hw/perf_event.h

/// Where backends look: the real machine, a tree of files in its place (--sysroot), or a test's
/// fakes. Sensors keep what they need after open: share the pointers, do not keep the Machine.
struct Machine {
  std::shared_ptr<const FileTree> files;  ///< never null
  std::shared_ptr<PerfEvents> perf;       ///< null: perf_event_open must not be called (--sysroot)
  bool vendor_libraries = false;          ///< false: no vendor's library is opened (--sysroot)
  std::function<Instant()> now;           ///< CLOCK_MONOTONIC, or a test's clock
};

/// Looks for its hardware, adds a Sensor for what can be read and a ChannelReport for everything
/// that is or could be there. Backends run in the order of the table, so `set` holds what better
/// ones found: never add a second sensor for a component whose energy is there (see has_energy),
/// only a report. Errors: the user's mistakes alone (kInvalid). Hardware that is absent or denied
/// is a report.
using OpenBackend = Result<void> (*)(const Machine&, const SensorOptions&, SensorSet& set);

struct Backend {
  std::string_view name;
  OpenBackend open;
  bool as_root = false;  ///< opens what only root may: a process of root that acts as somebody else
                         ///< takes its rights for this, and reads on without them
};

/// open_sensors() on a given machine.
Result<SensorSet> open_sensors_on(const Machine& machine, const SensorOptions& options);

/// Whether a sensor of the set gives the energy of a component of this kind, or of this component.
bool has_energy(const SensorSet& set, ComponentKind kind);
bool has_energy(const SensorSet& set, std::string_view component);
/// The first component with energy whose id ends so, e.g. "/module"; empty: none.
std::string energy_component_ending(const SensorSet& set, std::string_view ending);

}  // namespace joulery
