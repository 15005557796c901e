// coverage: promises counted, see promises.h.
#include "coverage/promises.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace joulery::coverage {
namespace {

bool holds(const Change& change, double truth_pct) {
  return std::abs(change.pct - truth_pct) <= 1.96 * change.u_pct.value_or(0);
}

double percent(double part, double whole) { return whole > 0 ? 100 * part / whole : 0; }

void print_line(const std::string& name, const Promises& p) {
  std::printf(
      "%-20s intervals hold: time %4.1f %%, energy %4.1f %%, of the chosen %4.1f %%; moved %4.1f "
      "%%, bound broken %3.1f %%, worse than found %3.1f %%; saves %4.1f %% of %4.1f %%: %3.0f %%; "
      "%.1f trials\n",
      name.c_str(), 100 * p.time_share(), 100 * p.energy_share(), percent(p.chosen_held, p.moved),
      percent(p.moved, p.sweeps), 100 * p.broken_share(), percent(p.wasted, p.sweeps),
      percent(p.saving, p.sweeps), percent(p.oracle, p.sweeps), percent(p.saving, p.oracle),
      static_cast<double>(p.trials) / p.sweeps);
}

void count_intervals(const CapChoice& choice, const Truth& truth, Promises& promises) {
  for (const CapPoint& point : choice.points) {
    if (point.baseline) continue;
    const double cap = point.cap.count();
    ++promises.time_intervals, ++promises.energy_intervals;
    promises.time_held += holds(*point.time_change, 100 * truth.slowdown(cap)) ? 1 : 0;
    promises.energy_held += holds(*point.energy_change, -100 * truth.saving(cap)) ? 1 : 0;
  }
}

}  // namespace

double Truth::oracle(const std::vector<double>& caps_w, double bound) const {
  double best = 0;
  for (const double cap : caps_w)
    if (slowdown(cap) <= bound) best = std::max(best, saving(cap));
  return best;
}

std::size_t as_recommended(const CapChoice& choice) { return *choice.recommended; }
std::size_t always_found(const CapChoice& choice) { return choice.baseline; }

void Promises::count(const CapChoice& choice, const Truth& truth, double bound,
                     const Recommend& recommend) {
  count_intervals(choice, truth, *this);
  const CapPoint& chosen = choice.points[recommend(choice)];
  const double cap = chosen.cap.count();
  std::vector<double> caps;
  for (const CapPoint& point : choice.points) {
    trials += static_cast<int>(point.trials);
    if (!point.baseline) caps.push_back(point.cap.count());
  }
  ++sweeps;
  moved += chosen.baseline ? 0 : 1;
  broken += truth.slowdown(cap) > bound ? 1 : 0;
  wasted += truth.saving(cap) < 0 ? 1 : 0;
  chosen_held += !chosen.baseline && holds(*chosen.energy_change, -100 * truth.saving(cap)) ? 1 : 0;
  saving += truth.saving(cap);
  oracle += truth.oracle(caps, bound);
}

void Promises::add(const Promises& o) {
  sweeps += o.sweeps, trials += o.trials, moved += o.moved, broken += o.broken, wasted += o.wasted;
  time_intervals += o.time_intervals, time_held += o.time_held;
  energy_intervals += o.energy_intervals, energy_held += o.energy_held;
  chosen_held += o.chosen_held;
  saving += o.saving, oracle += o.oracle;
}

double Promises::time_share() const { return static_cast<double>(time_held) / time_intervals; }
double Promises::energy_share() const {
  return static_cast<double>(energy_held) / energy_intervals;
}
double Promises::broken_share() const { return static_cast<double>(broken) / sweeps; }

void PromisesByModel::add(const std::string& model, const Promises& one) {
  by_model[model].add(one);
  all.add(one);
}

void PromisesByModel::print() const {
  for (const auto& [model, promises] : by_model) print_line(model, promises);
  print_line("all", all);
}

void expect_promises(const PromisesByModel& kept, double least_held, double most_held) {
  for (const auto& [model, promises] : kept.by_model) {
    EXPECT_GE(promises.time_share(), least_held) << model;
    EXPECT_LE(promises.time_share(), most_held) << model;
    EXPECT_GE(promises.energy_share(), least_held) << model;
    EXPECT_LE(promises.energy_share(), most_held) << model;
    EXPECT_LE(promises.broken_share(), 0.05) << model;
    EXPECT_LE(promises.wasted, promises.sweeps / 20) << model;
  }
}

}  // namespace joulery::coverage
