// coverage: one virtual run: simulated boards, the sensors of the product on them, its account, and
// what the boards truly used.
#pragma once

#include <optional>
#include <random>
#include <string>

#include "joulery/account.h"

namespace joulery::coverage {

/// kNearAlias: square, its period near 2, 3, 5 or 10 readings (of 100 ms); kHidden: near one
/// reading or half of one, which a power sensor that looks part of the time cannot tell from a
/// steady load.
enum class LoadClass { kSteady, kSquare, kNearAlias, kHidden, kTraining, kRamp, kIdle, kTransient };
inline constexpr int kLoadClasses = 8;
const char* name_of(LoadClass load);

/// What gives the energy.
enum class Source {
  kCounter,         ///< a counter that adds up all of the time
  kSampledCounter,  ///< a counter that adds up only what the power sensor looks at
  kPower,           ///< no counter: power integrated over time
};

/// What a calibration left unknown, standard deviations.
struct CalibrationError {
  double gain = 0.01;
  double offset_w = 0.3;
};

struct Plan {
  std::string model = "A100";  ///< as the stand-in spells it
  int boards = 1;
  LoadClass load = LoadClass::kSteady;
  double length = 60;  ///< s
  Source source = Source::kCounter;
  std::optional<CalibrationError> calibrated;  ///< empty: the boards have no calibration file
};

struct Outcome {
  double truth = 0;   ///< J
  double length = 0;  ///< s
  Estimate<Joules> energy;
  Account account;
};

/// Draws what the plan leaves open (gain, offset and phase of the boards from the priors that the
/// product declares; the load's periods and powers) and lets the run happen, read every 100 ms.
/// Throws std::runtime_error where the simulation itself cannot be set up.
Outcome run_trial(const Plan& plan, std::mt19937_64& random);

}  // namespace joulery::coverage
