// account: the laboratory for tests, see virtual_lab.h.
#include "account/virtual_lab.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace joulery::lab {
namespace {

using Random = std::mt19937_64;
constexpr double kGrid = 1e-3;
constexpr double kPoll = 0.1;

double uniform(Random& random, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random);
}
double log_uniform(Random& random, double low, double high) {
  return std::exp(uniform(random, std::log(low), std::log(high)));
}

/// What a load does between its lowest and its highest power, as a share of 0 to 1, at grid point i
/// of n.
std::vector<double> draw_shape(LoadClass load, std::size_t n, Random& random) {
  std::vector<double> shape(n, 1.0);
  if (load == LoadClass::kSquare) {
    const double period = log_uniform(random, 0.03, 20);
    const double on = uniform(random, 0.3, 0.7);
    const double phase = uniform(random, 0, 1);
    for (std::size_t i = 0; i < n; ++i) {
      const double cycles = static_cast<double>(i) * kGrid / period + phase;
      shape[i] = cycles - std::floor(cycles) < on ? 1 : 0;
    }
  } else if (load == LoadClass::kSteps) {
    const double hold = log_uniform(random, 0.05, 5);
    double level = uniform(random, 0, 1);
    double left = 0;
    for (double& share : shape) {
      left -= kGrid;
      if (left < 0) {
        level = uniform(random, 0, 1);
        left = std::exponential_distribution<double>(1 / hold)(random);
      }
      share = level;
    }
  } else if (load == LoadClass::kRamp) {
    const bool up = uniform(random, 0, 1) < 0.5;
    for (std::size_t i = 0; i < n; ++i) {
      const double share = static_cast<double>(i) / static_cast<double>(n);
      shape[i] = up ? share : 1 - share;
    }
  }
  return shape;
}

std::int64_t in_us(double seconds) { return std::llround(seconds * 1e6); }

Channel describe(const LabSensor& sensor) {
  Channel channel;
  channel.id = "gpu/lab/reading";
  channel.component = "gpu/lab";
  channel.kind = ComponentKind::kGpu;
  channel.measure = sensor.counter ? Measure::kEnergy : Measure::kPower;
  channel.rule = sensor.counter ? Rule::kCounter : Rule::kTrapezoid;
  channel.evidence = sensor.counter ? Evidence::kMeasured : Evidence::kIntegrated;
  channel.source = "lab";
  channel.resolution = 1e-3;
  channel.update_period = Seconds(sensor.update);
  channel.averaging = Seconds(sensor.counter ? 0 : sensor.window);
  channel.duty = sensor.counter ? 1 : std::min(1.0, sensor.window / sensor.update);
  channel.accuracy.gain_u = sensor.gain_u;
  channel.accuracy.offset_u = Watts(sensor.offset_u);
  return channel;
}

/// What the sensor shows at `time`, its refreshes being at `phase` + k x update.
double reading(const Truth& truth, const LabSensor& sensor, double time, double phase) {
  const double refreshed = std::floor((time - phase) / sensor.update) * sensor.update + phase;
  const double from = sensor.counter ? -Truth::kLead : refreshed - sensor.window;
  const double seconds = refreshed - from;
  const double joules =
      truth.energy(from, refreshed) * (1 + sensor.gain_error) + sensor.offset_error * seconds;
  const double value = sensor.counter ? joules : joules / seconds;
  return std::max(std::round(value * 1e3) / 1e3, 0.0);
}

}  // namespace

const char* name_of(LoadClass load) {
  static constexpr const char* kNames[] = {"steady", "square", "steps", "ramp", "idle"};
  return kNames[static_cast<int>(load)];
}

Truth::Truth(std::vector<double> watts, double length) : sum_(std::move(watts)), length_(length) {
  double sum = 0;
  for (double& value : sum_) value = std::exchange(sum, sum + value * kGrid);
  sum_.push_back(sum);
}

double Truth::until(double time) const {
  const double at =
      std::clamp((time + kLead) / kGrid, 0.0, static_cast<double>(sum_.size() - 1) - 1e-6);
  const auto i = static_cast<std::size_t>(at);
  return sum_[i] + (at - static_cast<double>(i)) * (sum_[i + 1] - sum_[i]);
}

double Truth::energy(double from, double to) const { return until(to) - until(from); }

Truth make_load(const LoadPlan& plan, Random& random) {
  const double idle = uniform(random, 30, 90);
  const double low = plan.load == LoadClass::kIdle ? idle : uniform(random, idle, 200);
  const double high = plan.load == LoadClass::kIdle ? idle : low + uniform(random, 100, 400);
  const auto lead = static_cast<std::size_t>(std::llround(Truth::kLead / kGrid));
  const auto tail = static_cast<std::size_t>(std::llround(Truth::kTail / kGrid));
  const auto run = static_cast<std::size_t>(std::llround(plan.length / kGrid));
  const std::size_t skipped = plan.idle_before ? lead : 0;
  const std::vector<double> shape = draw_shape(plan.load, lead - skipped + run, random);
  std::vector<double> watts(lead + run + tail, idle);
  for (std::size_t i = skipped; i < lead + run; ++i) {
    watts[i] = low + (high - low) * shape[i - skipped];
  }
  return Truth(std::move(watts), static_cast<double>(run) * kGrid);
}

LabSensor draw_sensor(Random& random) {
  LabSensor sensor;
  sensor.counter = uniform(random, 0, 1) < 0.5;
  if (sensor.counter) {
    sensor.update = uniform(random, 0.02, 0.1);
  } else {
    // Update period and averaging window of NVIDIA's sensors: Yang, Adamek, Armour (SC24, arXiv
    // 2312.02741).
    static constexpr std::pair<double, double> kKinds[] = {
        {0.02, 0.01}, {0.1, 0.025}, {0.1, 0.1}, {0.1, 1}};
    std::tie(sensor.update, sensor.window) =
        kKinds[std::uniform_int_distribution<int>(0, 3)(random)];
  }
  const bool calibrated = uniform(random, 0, 1) < 0.3;
  sensor.gain_u = calibrated ? 0.01 : 0.05;
  sensor.gain_error = std::normal_distribution<double>(0, sensor.gain_u)(random);
  const double reach = calibrated ? 0.5 : 5;
  sensor.offset_error = uniform(random, -reach, reach);
  sensor.offset_u = reach / std::sqrt(3.0);
  return sensor;
}

std::string name_of(const LabSensor& sensor) {
  if (sensor.counter) return "counter";
  return std::to_string(std::lround(sensor.update * 1e3)) + "/" +
         std::to_string(std::lround(sensor.window * 1e3));
}

MemoryTrace record(const Truth& truth, const LabSensor& sensor, Random& random, double lead) {
  TraceInfo info;
  info.begin = Instant(Micros(0));
  info.end = Instant(Micros(in_us(truth.length())));
  info.period = Seconds(kPoll);
  MemoryTrace trace(info, {describe(sensor)});
  const double phase = uniform(random, 0, sensor.update);
  const auto poll = [&](double time) {
    const double value = reading(truth, sensor, time, phase);
    trace.add({.time = Instant(Micros(in_us(time))),
               .value = value,
               .half_width_us = 50,
               .channel = 0,
               .restart = false});
  };
  for (double time = -lead; time < -kPoll / 2; time += kPoll) poll(time);
  poll(-uniform(random, 5e-4, 3e-3));
  for (double time = kPoll; time < truth.length(); time += kPoll)
    poll(time + uniform(random, 0, 1e-3));
  poll(truth.length() + uniform(random, 1e-3, 3e-3));
  return trace;
}

}  // namespace joulery::lab
