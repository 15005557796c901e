// bench: eight boards that exist only as numbers, for records of any length.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "joulery/trace.h"

namespace joulery {

inline constexpr int kSyntheticGpus = 8;
inline constexpr std::int64_t kSyntheticPeriodUs = 100'000;

inline std::vector<Channel> synthetic_channels() {
  std::vector<Channel> channels;
  for (int gpu = 0; gpu < kSyntheticGpus; ++gpu) {
    for (const Measure measure : {Measure::kEnergy, Measure::kPower}) {
      Channel channel;
      channel.component = "gpu/" + std::to_string(gpu) + "/board";
      channel.id = channel.component + (measure == Measure::kEnergy ? "/energy" : "/power");
      channel.kind = ComponentKind::kGpu;
      channel.measure = measure;
      channel.rule = measure == Measure::kEnergy ? Rule::kCounter : Rule::kWindowAverage;
      channel.preferred = measure == Measure::kEnergy;
      channel.resolution = 1e-3;
      channel.group = static_cast<std::uint32_t>(gpu);
      channels.push_back(channel);
    }
  }
  return channels;
}

/// Each board's power steps between idle and load, with 2 % of noise, and its counter is the
/// integral, both in steps of 1 mW and 1 mJ; stamps jitter as a busy node's do, by tens of
/// microseconds.
class SyntheticNode {
 public:
  void tick(std::vector<Sample>& out) {
    const std::int64_t deadline = kSyntheticPeriodUs * tick_++;
    std::int64_t now = deadline + 60 + static_cast<std::int64_t>(std::abs(jitter_(random_)));
    for (std::uint16_t gpu = 0; gpu < kSyntheticGpus; ++gpu) {
      const std::int64_t half_width =
          12 + static_cast<std::int64_t>(std::abs(jitter_(random_)) / 8);
      now += 2 * half_width;
      const double mean = (tick_ / 600 + gpu) % 5 == 0 ? 90 : 300;
      const double power = mean * (1 + noise_(random_));
      energy_mj_[gpu] += std::llround(power * 100);
      const Instant time = Instant(Micros(now - half_width));
      const auto width = static_cast<std::uint32_t>(half_width);
      const auto channel = static_cast<std::uint16_t>(2 * gpu);
      out.push_back({time, static_cast<double>(energy_mj_[gpu]) * 1e-3, width, channel, false});
      out.push_back({time, std::round(power * 1000) * 1e-3, width,
                     static_cast<std::uint16_t>(channel + 1), false});
    }
  }

 private:
  std::mt19937_64 random_{1};
  std::normal_distribution<double> noise_{0, 0.02}, jitter_{0, 40};
  std::int64_t tick_ = 0;
  std::int64_t energy_mj_[kSyntheticGpus] = {};
};

}  // namespace joulery
