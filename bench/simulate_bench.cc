// bench: a million jobs over a year of hours on ten thousand GPUs, under each policy, and how the
// time grows with the jobs.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "joulery/simulate.h"

namespace joulery {
namespace {

using std::chrono::hours;

constexpr WallTime kYear{std::chrono::sys_days(std::chrono::year(2022) / 1 / 1)};
constexpr int kHours = 8760;
constexpr double kJobsPerDevice = 100;

/// A day and a year of a grid with sun and wind.
Series made_intensity(std::mt19937_64& random) {
  Series series;
  series.name = "made";
  series.source = "made";
  for (int i = 0; i < kHours; ++i) {
    const double day = std::cos(2 * std::numbers::pi * i / 24.0);
    const double week = std::cos(2 * std::numbers::pi * i / 168.0);
    const double noise = static_cast<double>(random() >> 11) * 0x1p-53;
    series.pieces.push_back({kYear + hours(i), kYear + hours(i + 1),
                             (300 + 80 * day + 40 * week + 120 * noise) / 3.6e6});
  }
  return series;
}

/// Jobs of ten months: lengths log-normal with a median of 16,000 s, at most a week; 1, 2, 4 or 8
/// GPUs at 300 W. A choice: with one GPU for a hundred jobs, seven of ten GPUs are in use.
Workload made_jobs(std::size_t count, std::mt19937_64& random) {
  const auto uniform = [&] { return (static_cast<double>(random() >> 11) + 0.5) * 0x1p-53; };
  Workload workload;
  workload.source = "made";
  workload.unit = "GPUs";
  workload.jobs.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double normal =
        std::sqrt(-2 * std::log(uniform())) * std::cos(2 * std::numbers::pi * uniform());
    const double length = std::min(168.0 * 3600, 16'000 * std::exp(1.5 * normal));
    const double devices = std::exp2(std::floor(4 * uniform()));
    const auto release = static_cast<std::int64_t>(uniform() * (kHours - 1440) * 3600e6);
    workload.jobs.push_back({kYear + Micros(release),
                             Micros(static_cast<std::int64_t>(length * 1e6) + 1), devices,
                             Watts(300 * devices)});
  }
  std::stable_sort(workload.jobs.begin(), workload.jobs.end(),
                   [](const auto& a, const auto& b) { return a.release < b.release; });
  return workload;
}

/// The peak of the resident set, in MB.
double peak_mb() {
  std::ifstream in("/proc/self/status");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("VmHWM:")) return 1.024e-3 * std::strtod(line.c_str() + 6, nullptr);
  return 0;
}

double cpu_s(const Workload& workload, const SimulationRequest& request, Simulation& out) {
  const std::clock_t begin = std::clock();
  auto simulation = simulate_jobs(workload, request);
  const double taken = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  if (!simulation) {
    fmt::print(stderr, "{}\n", simulation.error().message);
    std::exit(1);
  }
  out = *std::move(simulation);
  return taken;
}

SimulationRequest request_of(Shift policy, std::size_t jobs, const Series& intensity) {
  SimulationRequest request;
  request.places.resize(1);
  request.places[0].intensity = intensity;
  request.places[0].constants.pue.estimate = Estimate<double>::of(1.2, 0.1, Evidence::kConstant);
  request.policies = {policy};
  request.slacks = {hours(24)};
  request.capacity = static_cast<double>(jobs) / kJobsPerDevice;
  request.cap = CapEffect{"150W", 1.08, 0.8};
  return request;
}

int run() {
  std::mt19937_64 random(1);
  const Series intensity = made_intensity(random);
  constexpr std::size_t kCounts[] = {100'000, 300'000, 1'000'000};
  std::vector<Workload> workloads;
  for (const std::size_t count : kCounts) workloads.push_back(made_jobs(count, random));
  fmt::print("{:16} {:>9} {:>9} {:>9}  {:>8} {:>8}\n", "CPU s, 24 h", "100,000", "300,000",
             "1,000,000", "growth", "in use");
  for (const Shift policy : {Shift::kRunNow, Shift::kBestWindow, Shift::kInterruptible,
                             Shift::kThreshold, Shift::kCapsByHour, Shift::kCapacityLimited}) {
    double taken[3] = {};
    Simulation simulation;
    for (std::size_t i = 0; i < 3; ++i)
      taken[i] = cpu_s(workloads[i], request_of(policy, kCounts[i], intensity), simulation);
    // n log n grows from 10^5 to 10^6 by 10 x 6 / 5 = 12.
    fmt::print("{:16} {:>9.2f} {:>9.2f} {:>9.2f}  {:>8.1f} {:>6.1f} %\n", name_of(policy), taken[0],
               taken[1], taken[2], taken[2] / taken[0],
               100 * simulation.cases[0].runs[0].mean_devices / (1e6 / kJobsPerDevice));
  }
  fmt::print("peak of memory, jobs of all three sizes held: {:.0f} MB\n", peak_mb());
  return 0;
}

}  // namespace
}  // namespace joulery

int main() { return joulery::run(); }
