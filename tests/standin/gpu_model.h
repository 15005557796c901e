// standin: the kinds of GPU that can be simulated, with the physics and the sensors of each.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace joulery::standin {

/// P(f) = idle + dynamic (f V(f)^2 (1 - memory_share) + memory_share), f and V relative to their
/// highest. V is flat below `knee` and linear above it, so that power goes with f at low clocks and
/// with about f^3 at high ones.
struct Physics {
  double idle_w;
  double knee = 0.5;            // a choice: half of the top clock
  double lowest_voltage = 0.7;  // a choice: of the top voltage, at and below the knee
  double memory_share = 0.15;   // a choice: of the dynamic power, does not fall with the clock
  double lowest_clock = 0.15;   // of the top clock: 210 of 1410 MHz on an A100

  [[nodiscard]] double power(double demand_w, double clock) const;
  /// The highest relative clock at which `demand_w` stays within `cap_w`, at least lowest_clock.
  [[nodiscard]] double clock_under(double demand_w, double cap_w) const;
};

/// A sensor publishes, each `period`, the mean of the last `window` of true power. Seconds.
struct PowerSensor {
  double period;
  double window;
};

struct GpuModel {
  std::string_view key;   ///< as JOULERY_STANDIN says it
  std::string_view name;  ///< as NVML says it
  unsigned architecture;  ///< as nvmlDeviceGetArchitecture counts
  bool ga100 = false;     ///< NVML counts A100 and A40 as one architecture; their sensors differ
  Physics physics;
  double min_limit_w, default_limit_w, max_limit_w;
  double sm_clock_mhz, memory_clock_mhz;
  std::uint64_t memory_bytes;
  PowerSensor instant;
  std::optional<PowerSensor> average;
  double counter_period;  ///< s between two updates of the energy counter
};

/// nullptr where there is none.
const GpuModel* find_gpu_model(std::string_view key);

}  // namespace joulery::standin
