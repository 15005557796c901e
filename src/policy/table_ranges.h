// policy: what a table or a document of caps can hold. Choices: what lies beyond is another unit,
// or no measurement.
#pragma once

namespace joulery {

/// In W, s, J or percent: from `least` to below `most`.
struct TableRange {
  const char* what;
  double least, most;

  [[nodiscard]] bool holds(double value) const { return value >= least && value < most; }
};
inline constexpr TableRange kCapRange{"a cap of 1 W to 100 kW", 1,
                                      1e5};  // boards ask for 70 to 1500 W
inline constexpr TableRange kTimeRange{"a time of 1e-9 s to 1e9 s", 1e-9, 1e9};
inline constexpr TableRange kPowerRange{"a power of 0.001 W to 1 MW", 1e-3, 1e6};
inline constexpr TableRange kEnergyRange{"an energy of 1e-12 J to 1e15 J", 1e-12, 1e15};

/// Of one job, between its first row or its baseline and any other: far beyond what a cap can do,
/// and keeps percentages readable.
inline constexpr double kMostRatio = 1e6;
inline constexpr TableRange kChangeRange{"a change that a cap can make, in percent",
                                         -100 * (1 - 1 / kMostRatio), 100 * (kMostRatio - 1)};
inline constexpr TableRange kChangeURange{"an uncertainty of a change, in percent", 0,
                                          100 * kMostRatio};

}  // namespace joulery
