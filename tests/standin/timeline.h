// standin: what a load does to a GPU at one setting of its limits: exact totals at any time,
// without stepping.
#pragma once

#include <cstdint>
#include <vector>

#include "standin/config.h"
#include "standin/gpu_model.h"

namespace joulery::standin {

/// A repeatable random number: the same key gives the same value in every process.
std::uint64_t hash(std::uint64_t key);
double uniform(std::uint64_t key);  ///< in (0, 1)
double normal(std::uint64_t key);   ///< mean 0, standard deviation 1

/// The load asks for `demand_w` at full clock during `seconds`.
struct Piece {
  double seconds;
  double demand_w;
};
/// One period of the load.
std::vector<Piece> make_pieces(const LoadSpec& load, const GpuModel& model, std::uint64_t seed);

/// Cumulative since time 0 (negative before it). Also used as rates, per second.
struct Totals {
  double energy_j = 0;
  double busy_s = 0;  ///< time in which kernels ran
  double work_s = 0;  ///< seconds of busy time at full clock that the work done would have taken
  double throttled_s = 0;  ///< time in which the power limit held the clock down

  Totals& add(const Totals& other, double times);
};

class Timeline {
 public:
  /// `lock`: the highest relative clock allowed.
  Timeline(const std::vector<Piece>& pieces, const LoadSpec& load, const GpuModel& model,
           double cap_w, double lock);

  [[nodiscard]] Totals at(double t) const;
  [[nodiscard]] const Totals& rate_at(double t) const;  ///< energy_j: W
  [[nodiscard]] double clock_at(double t) const;        ///< relative; 0 where nothing runs

 private:
  struct Step {
    double start;  ///< within the period
    Totals before;
    Totals rate;
    double clock;
  };
  [[nodiscard]] const Step& step_at(double t, double& whole_periods, double& into) const;

  std::vector<Step> steps_;
  Totals per_period_;
  double period_ = 0;
  double phase_ = 0;
};

}  // namespace joulery::standin
