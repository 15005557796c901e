// coverage: how often sweeps keep the promises of docs/policies.md, held against what is true.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "joulery/policy.h"

namespace joulery::coverage {

/// Of the oracle's saving: what a sweep must reach on average.
inline constexpr double kOfOracle = 0.8;

/// What a job does in truth, at each cap.
struct Truth {
  std::function<double(double cap_w)> time_s, energy_j;
  double found_w = 0;

  [[nodiscard]] double slowdown(double cap_w) const { return time_s(cap_w) / time_s(found_w) - 1; }
  [[nodiscard]] double saving(double cap_w) const {
    return 1 - energy_j(cap_w) / energy_j(found_w);
  }
  /// The most that can be saved within the bound.
  [[nodiscard]] double oracle(const std::vector<double>& caps_w, double bound) const;
};

/// Which point is taken, an index into `points`.
using Recommend = std::function<std::size_t(const CapChoice&)>;
std::size_t as_recommended(const CapChoice& choice);
std::size_t always_found(const CapChoice& choice);

/// What became of many sweeps.
struct Promises {
  int sweeps = 0;
  int trials = 0;
  int moved = 0;   // to another cap than the one found
  int broken = 0;  // slower than the bound, in truth
  int wasted = 0;  // used more than at the found limit, in truth
  int time_intervals = 0, time_held = 0, energy_intervals = 0, energy_held = 0;
  int chosen_held = 0;
  double saving = 0, oracle = 0;

  void count(const CapChoice& choice, const Truth& truth, double bound, const Recommend& recommend);
  void add(const Promises& other);
  [[nodiscard]] double time_share() const;
  [[nodiscard]] double energy_share() const;
  [[nodiscard]] double broken_share() const;
};

struct PromisesByModel {
  std::map<std::string, Promises> by_model;
  Promises all;

  void add(const std::string& model, const Promises& one);
  void print() const;
};

/// Both sides of the intervals, the bound, and no harm, of each model.
void expect_promises(const PromisesByModel& kept, double least_held, double most_held);

}  // namespace joulery::coverage
