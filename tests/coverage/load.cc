// coverage: loads for simulated boards, see load.h.
#include "coverage/load.h"

#include <array>
#include <cmath>

namespace joulery::coverage {
namespace {

/// Levels as shares of the way from idle to the board's limit.
std::string between(double low, double high) {
  return ",low=" + std::to_string(100 * low) + "%,high=" + std::to_string(100 * high) + "%";
}

std::string draw_levels(Random& random) {
  const double low = uniform(random, 0, 0.4);
  return between(low, uniform(random, low + 0.2, 1));
}

std::string draw_square(double period, Random& random) {
  return "square:period=" + std::to_string(period) +
         ",duty=" + std::to_string(uniform(random, 0.3, 0.7)) +
         ",phase=" + std::to_string(uniform(random, 0, period)) + draw_levels(random);
}

/// A simple multiple or fraction of 100 ms, which is the refresh of all power sensors here but
/// Volta's, and the period at which that is read: a third of them exactly, the others within
/// 2 %.
double draw_near_alias(LoadClass load, Random& random) {
  static constexpr std::array kMultiples = {2.0, 3.0, 5.0, 10.0, 0.5, 1.0};
  constexpr double kRefresh = 0.1;
  const bool hidden = load == LoadClass::kHidden;
  const std::size_t i =
      std::uniform_int_distribution<std::size_t>(hidden ? 4 : 0, hidden ? 5 : 3)(random);
  const bool exact = uniform(random, 0, 3) < 1;
  return kRefresh * kMultiples.at(i) * (exact ? 1 : uniform(random, 0.98, 1.02));
}

std::string draw_training(Random& random) {
  const double period = log_uniform(random, 0.1, 3);
  return "train:period=" + std::to_string(period) +
         ",noise=" + std::to_string(uniform(random, 0.02, 0.3)) +
         ",phase=" + std::to_string(uniform(random, 0, 100 * period)) + draw_levels(random);
}

std::string draw_ramp(double length, Random& random) {
  const double period = length * uniform(random, 1, 3);
  return "ramp:period=" + std::to_string(period) +
         ",phase=" + std::to_string(uniform(random, 0, period)) + draw_levels(random);
}

/// Idle, then work that begins within the run's first third and ends within a third of its end.
std::string draw_transient(double begin, double length, Random& random) {
  constexpr double kPeriod = 1000;
  const double first = begin + uniform(random, 0, length / 3);
  const double last = begin + length * uniform(random, 2.0 / 3, 4.0 / 3);
  return "square:period=" + std::to_string(kPeriod) +
         ",duty=" + std::to_string((last - first) / kPeriod) + ",phase=" + std::to_string(-first) +
         between(0, uniform(random, 0.3, 1));
}

}  // namespace

double uniform(Random& random, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

double log_uniform(Random& random, double low, double high) {
  return std::exp(uniform(random, std::log(low), std::log(high)));
}

const char* name_of(LoadClass load) {
  static constexpr const char* kNames[] = {"steady",   "square", "near-alias", "hidden",
                                           "training", "ramp",   "idle",       "transient"};
  return kNames[static_cast<int>(load)];
}

std::string draw_load(const Plan& plan, double begin, Random& random) {
  switch (plan.load) {
    case LoadClass::kSteady:
      return "constant:level=" + std::to_string(100 * uniform(random, 0.2, 1)) + "%";
    case LoadClass::kSquare:
      return draw_square(log_uniform(random, 0.03, 20), random);
    case LoadClass::kNearAlias:
    case LoadClass::kHidden:
      return draw_square(draw_near_alias(plan.load, random), random);
    case LoadClass::kTraining:
      return draw_training(random);
    case LoadClass::kRamp:
      return draw_ramp(plan.length, random);
    case LoadClass::kIdle:
      break;
    case LoadClass::kTransient:
      return draw_transient(begin, plan.length, random);
  }
  return "idle";
}

}  // namespace joulery::coverage
