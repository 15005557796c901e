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

Seconds PowerWatch::Reading::length() const {
  return before && now ? Seconds(now->time - before->time) : Seconds(0);
}

std::optional<double> PowerWatch::Reading::power() const {
  if (!counter) return count > 0 ? std::optional(sum / static_cast<double>(count)) : std::nullopt;
  if (length() <= Seconds(0)) return std::nullopt;
  return (now->value - before->value) / length().count();
}

void PowerWatch::accept(std::span<const Sample> samples) {
  const std::lock_guard lock(mutex_);
  for (const Sample& sample : samples) {
    const auto found = readings_.find(sample.channel);
    if (found == readings_.end()) continue;
    found->second.now = sample;
    found->second.sum += sample.value;
    ++found->second.count;
  }
  Watts total{};
  Seconds length{0};
  bool complete = !readings_.empty();
  for (auto& [channel, reading] : readings_) {
    const std::optional<double> power = reading.power();
    complete = complete && power.has_value();
    total += Watts(power.value_or(0));
    length = std::max(length, reading.length());
    if (reading.now) reading.before = reading.now;
    reading.now.reset();
    reading.sum = 0;
    reading.count = 0;
  }
  if (!complete) return;
  last_ = total;
  sum_ += total * length;
  length_ += length;
}

std::optional<Watts> PowerWatch::mean() const {
  const std::lock_guard lock(mutex_);
  if (length_ <= Seconds(0)) return std::nullopt;
  return sum_ / length_;
}

std::optional<Watts> PowerWatch::last() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

}  // namespace joulery
