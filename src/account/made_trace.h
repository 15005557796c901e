// account: traces made from formulas, for tests of the account.
#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "joulery/trace.h"

namespace joulery::account {

inline Instant at(double seconds) { return Instant(Micros(std::llround(seconds * 1e6))); }

inline Channel energy_channel(const std::string& component,
                              ComponentKind kind = ComponentKind::kGpu) {
  Channel channel;
  channel.id = component + "/energy";
  channel.component = component;
  channel.kind = kind;
  channel.measure = Measure::kEnergy;
  channel.rule = Rule::kCounter;
  channel.source = "counter";
  channel.resolution = 1e-3;
  channel.update_period = Seconds(0.1);
  return channel;
}

inline Channel power_channel(const std::string& component,
                             ComponentKind kind = ComponentKind::kGpu) {
  Channel channel = energy_channel(component, kind);
  channel.id = component + "/power";
  channel.measure = Measure::kPower;
  channel.rule = Rule::kTrapezoid;
  channel.evidence = Evidence::kIntegrated;
  channel.source = "power";
  return channel;
}

/// A trace of a run from 0 s to `length` s whose samples come from functions of time.
class MadeTrace {
 public:
  explicit MadeTrace(double length, double period = 0.1) : length_(length) {
    info_.begin = at(0);
    info_.end = at(length);
    info_.period = Seconds(period);
  }

  TraceInfo& info() { return info_; }

  using Function = std::function<double(double)>;
  /// Samples every period over [from, to], both ends included.
  void add(Channel channel, const Function& value, double from, double to) {
    channels_.push_back(std::move(channel));
    const double period = info_.period.count();
    const auto steps = static_cast<int>(std::lround((to - from) / period));
    for (int i = 0; i <= steps; ++i) sample(from + i * period, value(from + i * period));
  }
  void add(Channel channel, const Function& value) { add(std::move(channel), value, 0, length_); }

  /// One more sample of the channel added last.
  void sample(double time, double value, bool restart = false) {
    samples_.push_back({.time = at(time),
                        .value = value,
                        .half_width_us = 0,
                        .channel = static_cast<std::uint16_t>(channels_.size() - 1),
                        .restart = restart});
  }
  void add_empty(Channel channel) { channels_.push_back(std::move(channel)); }

  void mark(double time, const std::string& name) {
    info_.events.push_back({.time = at(time), .kind = Event::Kind::kMark, .text = name});
  }

  [[nodiscard]] MemoryTrace build() const {
    MemoryTrace trace(info_, channels_);
    for (const Sample& sample : samples_) trace.add(sample);
    return trace;
  }

 private:
  double length_;
  TraceInfo info_;
  std::vector<Channel> channels_;
  std::vector<Sample> samples_;
};

}  // namespace joulery::account
