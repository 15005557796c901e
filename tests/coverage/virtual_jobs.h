// coverage: jobs whose time and energy at every cap are known, and sweeps over them with scatter,
// drift and sensors that err. Shares no code with the analysis that is held against it.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "joulery/policy.h"

namespace joulery::coverage {

using Random = std::mt19937_64;

enum class JobModel : std::uint8_t { kCompute, kMemory, kInert, kNoisy };
inline constexpr int kJobModels = 4;
std::string name_of(JobModel model);

/// A board whose clock falls until its power fits below the cap.
class VirtualJob {
 public:
  static VirtualJob draw(JobModel model, Random& random);

  [[nodiscard]] double power_w(double cap_w) const;
  [[nodiscard]] double time_s(double cap_w) const;
  [[nodiscard]] double energy_j(double cap_w) const { return power_w(cap_w) * time_s(cap_w); }
  /// What the rest of the node draws, whatever the clock.
  [[nodiscard]] double rest_w() const { return rest_w_; }
  /// Relative standard deviation of one trial's time, and of its power.
  [[nodiscard]] double scatter() const { return scatter_; }

 private:
  [[nodiscard]] double power_at(double clock) const;
  [[nodiscard]] double clock_at(double cap_w) const;

  double static_w_ = 0;
  double full_w_ = 0;   // at the full clock
  double serial_ = 0;   // share of the time that the clock does not change
  double compute_ = 0;  // time of the computation at the full clock, that of the memory being 1
  bool overlaps_ = false;
  double rest_w_ = 0;
  double scatter_ = 0;
};

struct SweepPlan {
  std::vector<double> caps_w;
  double found_w = 250;
  int repeats = 3;
  int at_first = 0;  ///< repeats before find_repeats() is asked, `repeats` being the most; 0: never
};
/// Found limit, all caps in random order, found limit, ... and the found limit at the end.
SweepTrials run_sweep(const VirtualJob& job, const SweepPlan& plan, bool with_node, Random& random);

}  // namespace joulery::coverage
