// account: a laboratory for tests: loads whose energy is known and sensors that err as real ones
// do. It shares no code with the account: what the sensors do is written down here a second time,
// from the published measurements.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "joulery/trace.h"

namespace joulery::lab {

enum class LoadClass { kSteady, kSquare, kSteps, kRamp, kIdle };
inline constexpr int kLoadClasses = 5;
const char* name_of(LoadClass load);

/// Power on a grid of 1 ms from `kLead` before the run to `kTail` after its end.
class Truth {
 public:
  static constexpr double kLead = 2.5;
  static constexpr double kTail = 0.1;
  Truth(std::vector<double> watts, double length);
  [[nodiscard]] double energy(double from,
                              double to) const;  ///< J between two times; the run begins at 0
  [[nodiscard]] double run_energy() const { return energy(0, length_); }
  [[nodiscard]] double length() const { return length_; }

 private:
  [[nodiscard]] double until(double time) const;
  std::vector<double> sum_;
  double length_;
};

struct LoadPlan {
  LoadClass load = LoadClass::kSteady;
  double length = 60;
  bool idle_before = true;  ///< the load begins with the run; else it was there before
};
Truth make_load(const LoadPlan& plan, std::mt19937_64& random);

/// A sensor as it is: what it does, and the errors that nobody knows.
struct LabSensor {
  bool counter = false;
  double update = 0.1;  ///< s between refreshes
  double window = 0.1;  ///< s that a power reading averages
  double gain_error = 0;
  double offset_error = 0;  ///< W
  double gain_u = 0.05;     ///< the prior that the error was drawn from, which the account is told
  double offset_u = 0;
};
/// Draws the kind of sensor, whether it is calibrated, and its errors.
LabSensor draw_sensor(std::mt19937_64& random);
std::string name_of(const LabSensor& sensor);

/// The sensor polled every 100 ms from `lead` seconds before the run (at most 1), just before it
/// and just after its end.
MemoryTrace record(const Truth& truth, const LabSensor& sensor, std::mt19937_64& random,
                   double lead = 0);

}  // namespace joulery::lab
