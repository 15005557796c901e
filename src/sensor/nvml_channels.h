// sensor: what is known beforehand about each reading of an NVIDIA board: timing, accuracy, name.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hw/nvml_board.h"
#include "joulery/sensor.h"
#include "sensor/calibration.h"

namespace joulery {

enum class NvmlPower : std::uint8_t { kInstant, kAverage, kLegacy };

struct NvmlTiming {
  Seconds update, averaging;
  double duty;  ///< share of time that the sensor looks at
};

/// How a power reading of this board and driver comes about.
NvmlTiming nvml_power_timing(const NvmlBoard& board, unsigned driver_major, NvmlPower power);

/// Makes the channels of one board.
class NvmlChannels {
 public:
  NvmlChannels(const Nvml& nvml, const NvmlBoard& board, std::optional<Calibration> calibration);

  /// From now on readings are of the module: the GPU and the CPU beside it.
  void set_module_scope();
  /// The job may have another board than this one: may_mean_others().
  void set_order_unknown() { order_unknown_ = true; }
  bool module_scope() const { return module_scope_; }
  const std::string& component() const { return component_; }

  Channel energy() const;
  Channel power(NvmlPower power) const;
  /// A reading that is no energy: utilisation, limits, ...
  Channel state(const std::string& name, Measure measure, double resolution) const;

  ChannelReport report_ok(const Channel& channel, const std::string& why) const;
  ChannelReport report_failed(const std::string& name, const Error& error) const;

 private:
  Channel channel(const std::string& name, Measure measure, double resolution) const;
  void set_accuracy(Channel& channel, const std::string& name) const;

  NvmlBoard board_;
  unsigned driver_major_;
  bool simulated_;
  bool module_scope_ = false;
  bool order_unknown_ = false;
  std::string component_;
  std::optional<Calibration> calibration_;
};

/// "updated every 100 ms, each the mean of the 25 ms before it"
std::string describe_timing(const Channel& channel);

}  // namespace joulery
