// coverage: the physics of virtual jobs, see virtual_jobs.h.
#include "coverage/virtual_jobs.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace joulery::coverage {
namespace {

constexpr double kFullTime = 100;  // seconds, at the full clock
constexpr double kLeastClock = 0.2;
// Below this share of the clock the voltage falls no further.
constexpr double kLeastVoltage = 0.65;

double uniform(Random& random, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random);
}
double normal(Random& random, double sd) { return std::normal_distribution<double>(0, sd)(random); }

/// How time and power run away over a sweep: a slope, and a board that warms up.
struct Drift {
  double time_slope, power_slope, warm_up;

  static Drift draw(Random& random) {
    return {normal(random, 0.01), normal(random, 0.01), uniform(random, 0, 0.02)};
  }
  /// Logarithms, at `share` of the sweep.
  [[nodiscard]] double of_time(double share) const { return time_slope * share; }
  [[nodiscard]] double of_power(double share) const {
    return power_slope * share - warm_up * std::exp(-share / 0.2);
  }
};

/// The sensor: one gain for the whole sweep, and a little more for each cap.
struct Sensor {
  double gain;
  std::vector<double> at_cap;

  static Sensor draw(std::size_t caps, Random& random) {
    Sensor sensor{1 + normal(random, 0.05), {}};
    for (std::size_t i = 0; i < caps; ++i) sensor.at_cap.push_back(1 + normal(random, 0.005));
    return sensor;
  }
};

/// Indices of caps; -1 stands for the found limit.
std::vector<int> order_of(const SweepPlan& plan, Random& random) {
  std::vector<int> order{-1};
  std::vector<int> block(plan.caps_w.size());
  for (std::size_t i = 0; i < block.size(); ++i) block[i] = static_cast<int>(i);
  for (int repeat = 0; repeat < plan.repeats; ++repeat) {
    std::shuffle(block.begin(), block.end(), random);
    order.insert(order.end(), block.begin(), block.end());
    order.push_back(-1);
  }
  return order;
}

}  // namespace

std::string name_of(JobModel model) {
  constexpr std::array kNames = {"compute-bound", "memory-bound", "below the lowest cap",
                                 "noisy steps"};
  return kNames.at(static_cast<std::size_t>(model));
}

VirtualJob VirtualJob::draw(JobModel model, Random& random) {
  VirtualJob job;
  job.scatter_ = model == JobModel::kNoisy ? 0.03 : 0.01;
  job.rest_w_ = uniform(random, 50, 150);
  job.static_w_ = uniform(random, 30, 60);
  job.full_w_ = uniform(random, 200, 260);
  job.serial_ = uniform(random, 0.05, 0.3);
  if (model == JobModel::kNoisy) model = random() % 2 == 0 ? JobModel::kCompute : JobModel::kMemory;
  if (model == JobModel::kInert) job.full_w_ = uniform(random, 65, 95);
  if (model == JobModel::kMemory) {
    job.overlaps_ = true;
    job.compute_ = uniform(random, 0.4, 0.8);
    job.static_w_ = uniform(random, 50, 80);  // the memory draws its power at any clock
  }
  return job;
}

double VirtualJob::power_at(double clock) const {
  const double voltage = std::max(kLeastVoltage, clock);
  return static_w_ + (full_w_ - static_w_) * clock * voltage * voltage;
}

double VirtualJob::clock_at(double cap_w) const {
  double low = kLeastClock;
  double high = 1;
  if (power_at(high) <= cap_w) return high;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (power_at(middle) > cap_w ? high : low) = middle;
  }
  return low;
}

double VirtualJob::power_w(double cap_w) const { return power_at(clock_at(cap_w)); }

double VirtualJob::time_s(double cap_w) const {
  const double clock = clock_at(cap_w);
  if (!overlaps_) return kFullTime * (serial_ + (1 - serial_) / clock);
  // Memory and computation at the same time: the longer of both, but for a soft corner.
  return kFullTime * std::pow(1 + std::pow(compute_ / clock, 8), 1.0 / 8);
}

SweepTrials run_sweep(const VirtualJob& job, const SweepPlan& plan, bool with_node,
                      Random& random) {
  constexpr double kPause = 10;          // seconds between trials
  constexpr double kEdgeSpread = 0.003;  // of an energy, for the edges of its window
  const std::vector<int> order = order_of(plan, random);
  const Drift drift = Drift::draw(random);
  const Sensor sensor = Sensor::draw(plan.caps_w.size(), random);
  SweepTrials sweep;
  double now = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool baseline = order[i] < 0;
    const auto index = static_cast<std::size_t>(std::max(order[i], 0));
    const double cap = baseline ? plan.found_w : plan.caps_w[index];
    const double share = static_cast<double>(i) / static_cast<double>(order.size());
    const double time =
        job.time_s(cap) * std::exp(drift.of_time(share) + normal(random, job.scatter()));
    const double power =
        job.power_w(cap) * std::exp(drift.of_power(share) + normal(random, job.scatter()));
    const double gain = sensor.gain * (baseline ? 1 : sensor.at_cap[index]);
    SweepTrial trial;
    trial.cap = Watts(cap);
    trial.baseline = baseline;
    trial.begin = Seconds(now);
    trial.time = Seconds(time);
    trial.time_u = Seconds(0.01);
    trial.device_energy = Joules(power * time * gain * (1 + normal(random, kEdgeSpread)));
    trial.device_energy_u = trial.device_energy * kEdgeSpread;
    if (with_node) trial.node_energy = trial.device_energy + Watts(job.rest_w()) * trial.time;
    sweep.trials.push_back(trial);
    now += time + kPause;
  }
  return sweep;
}

}  // namespace joulery::coverage
