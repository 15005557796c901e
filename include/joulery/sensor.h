// sensor: hardware -> samples. One file a backend in src/sensor/, one line a backend in
// src/sensor/registry.cc.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "joulery/export.h"
#include "joulery/gpu.h"
#include "joulery/sample.h"

namespace joulery {

enum class ChannelStatus : std::uint8_t { kOk, kDenied, kUnavailable };

/// A line of `joulery sensors`: something this machine has, or could have.
struct ChannelReport {
  std::string id;  ///< component, e.g. "cpu/0/package", or a pattern where it cannot be known:
                   ///< "gpu/*/board"
  ComponentKind kind = ComponentKind::kOther;
  std::string source;  ///< "nvml-counter", "powercap", "perf", "cpu-model", ...
  ChannelStatus status = ChannelStatus::kUnavailable;
  std::string why;     ///< what is read there, or why not, with the file or call that failed
  std::string advice;  ///< what the user can do: a udev rule, a group, a capability, a package;
                       ///< empty where nothing
};

struct SensorOptions {
  std::string sysroot;  ///< prefix for /sys, /proc, /dev; not empty: no vendor library of the real
                        ///< machine is opened
  GpuSelection gpus;
  std::string calibration_dir;  ///< files of gain and offset per board; empty or absent: none
  bool models = true;           ///< fall back to models where there is no sensor
};

struct SensorSet {
  std::vector<std::unique_ptr<Sensor>> sensors;  ///< what is read; nothing is counted twice
  std::vector<ChannelReport> reports;            ///< everything, what is not read too
};

/// Opens every backend. A backend that is not there is a report, not an error.
/// Errors: kInvalid where `gpus` names a device that does not exist, or a calibration file is
/// malformed.
JOULERY_EXPORT Result<SensorSet> open_sensors(const SensorOptions& options);

}  // namespace joulery
