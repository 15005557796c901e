// control: lease and power beside a run, see watch.h.
#include "control/watch.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/clock.h"

namespace joulery {
namespace {

std::string watts(const std::optional<Watts>& value) {
  return value ? fmt::format("{:g} W", value->count()) : "unknown";
}

}  // namespace

void LeaseWatch::look() {
  for (CapWatch& watch : lease_.check()) {
    if (watch.state == CapWatch::State::kHeld) continue;
    const auto known = [&](const Lost& lost) { return lost.watch.device == watch.device; };
    if (std::none_of(lost_.begin(), lost_.end(), known))
      lost_.push_back({monotonic_now(), std::move(watch)});
  }
}

std::string describe(const CapWatch& watch) {
  const std::string what =
      watch.state == CapWatch::State::kGone ? "the device is lost" : "somebody else set a limit";
  return fmt::format("{}: {}: {} was asked for, {} is requested now, {} in force{}", watch.device,
                     what, watts(watch.asked), watts(watch.requested), watts(watch.enforced),
                     watch.why.empty() ? "" : ": " + watch.why);
}

PowerWatch::PowerWatch(std::span<const Channel> channels, const std::vector<CapDevice>& devices) {
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const Channel& channel = channels[i];
    const bool gives_energy = channel.preferred && channel.rule != Rule::kNone &&
                              std::any_of(devices.begin(), devices.end(), [&](const auto& device) {
                                return device.id == channel.component;
                              });
    if (gives_energy)
      readings_[static_cast<std::uint16_t>(i)].counter = channel.rule == Rule::kCounter;
  }
}

void PowerWatch::accept(std::span<const Sample> samples) {
  const std::lock_guard lock(mutex_);
  std::map<std::uint16_t, std::pair<double, int>> powers;
  std::map<std::uint16_t, Sample> counters;
  for (const Sample& sample : samples) {
    const auto found = readings_.find(sample.channel);
    if (found == readings_.end()) continue;
    if (found->second.counter) {
      counters[sample.channel] = sample;
    } else {
      powers[sample.channel].first += sample.value;
      ++powers[sample.channel].second;
    }
  }
  double total = 0;
  bool complete = !readings_.empty();
  for (auto& [channel, reading] : readings_) {
    reading.power_w.reset();
    if (const auto power = powers.find(channel); power != powers.end())
      reading.power_w = power->second.first / power->second.second;
    if (const auto now = counters.find(channel); now != counters.end()) {
      const double seconds =
          reading.before ? Seconds(now->second.time - reading.before->time).count() : 0;
      if (seconds > 0) reading.power_w = (now->second.value - reading.before->value) / seconds;
      reading.before = now->second;
    }
    complete = complete && reading.power_w.has_value();
    total += reading.power_w.value_or(0);
  }
  if (!complete) return;
  last_ = Watts(total);
  sum_w_ += total;
  ++batches_;
}

std::optional<Watts> PowerWatch::mean() const {
  const std::lock_guard lock(mutex_);
  if (batches_ == 0) return std::nullopt;
  return Watts(sum_w_ / static_cast<double>(batches_));
}

std::optional<Watts> PowerWatch::last() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

}  // namespace joulery
