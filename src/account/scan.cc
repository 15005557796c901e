// account: the parts of a scan that counters and power share, see scan.h.
#include "account/scan.h"

#include <cmath>
#include <cstddef>
#include <numeric>

#include "trace/windows_only.h"

namespace joulery::account {
namespace {

std::int64_t to_us(Seconds t) { return std::llround(t.count() * 1e6); }
std::int64_t usual_spacing(std::span<const Instant> time, std::int64_t loop_period) {
  std::vector<std::int64_t> steps;
  for (std::size_t i = 1; i < time.size() && i <= 64; ++i) {
    steps.push_back((time[i] - time[i - 1]).count());
  }
  if (steps.empty()) return loop_period;
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return *middle;
}

}  // namespace

void SlotSums::add(const SlotSums& other) {
  joules += other.joules;
  seen_us += other.seen_us;
  square += other.square;
  change += other.change;
  change_sq += other.change_sq;
  steps += other.steps;
  low = std::min(low, other.low);
  high = std::max(high, other.high);
}

ChannelScan::ChannelScan(const Channel& channel, const Slots& slots, Seconds loop_period)
    : channel_(&channel),
      slots_(&slots),
      sums_(slots.count()),
      near_(slots.cuts.size()),
      period_us_(to_us(loop_period)),
      windows_only_(tells_windows_only(channel)) {
  for (const Instant cut : slots.cuts) cuts_.push_back(to_us(cut));
  cuts_.push_back(std::numeric_limits<std::int64_t>::max());
  if (channel.rule == Rule::kTrapezoid) {
    shift_us_ = to_us(channel.averaging / 2 + channel.lag);
    hold_us_ = shift_us_;
  }
}

SlotSums ChannelScan::range(std::size_t first, std::size_t last) const {
  SlotSums sum;
  for (std::size_t k = first; k <= last; ++k) sum.add(sums_[k]);
  return sum;
}

bool ChannelScan::in_run(std::int64_t time) const {
  return time >= cuts_[slots_->first - 1] && time <= cuts_[slots_->last];
}

void ChannelScan::begin_with(const Block& block) {
  spacing_us_ = usual_spacing(block.time, period_us_);
  const std::int64_t update = to_us(channel_->update_period);
  // Three periods, and never under a second: a late tick of a busy machine is not a hole.
  gap_us_ = std::max({3 * period_us_, 3 * spacing_us_, 3 * update, std::int64_t{1'000'000}});
  // A counter's power is taken over three of its ticks, so that a tick more or less is a third, not
  // the whole.
  const bool counter = channel_->rule == Rule::kCounter;
  refresh_us_ = counter ? std::max<std::int64_t>(3 * update, 2 * spacing_us_) : update * 9 / 10;
  if (windows_only_) refresh_us_ = 0;  // a window is whole: it has no ticks to be off by
  last_ = {to_us(block.time[0]) - shift_us_, block.value[0]};
  anchor_ = last_;
  changed_us_ = last_.time;
  advance_to(last_.time - hold_us_);
  if (hold_us_ > 0) spread_power(last_.time - hold_us_, last_.time, last_.value, last_.value);
  advance_to(last_.time);
  started_ = true;
}

void ChannelScan::take(const Block& block) {
  if (block.time.empty()) return;
  const bool first = !started_;
  if (first) begin_with(block);
  count_run(block);
  look_near_cuts(block);
  if (channel_->rule == Rule::kCounter) {
    take_counter(block);
  } else {
    take_power(block);
  }
}

void ChannelScan::finish() {
  if (!started_) return;
  if (channel_->rule == Rule::kCounter) note_freeze(last_.time);
  if (hold_us_ > 0) spread_power(last_.time, last_.time + hold_us_, last_.value, last_.value);
  if (channel_->rule == Rule::kPlainMean) apply_plain_mean();
}

/// Samples of the closed window: found by halving, since all but two blocks lie wholly inside or
/// outside of it.
void ChannelScan::count_run(const Block& block) {
  const auto from = std::lower_bound(block.time.begin(), block.time.end(), slots_->begin());
  const auto to = std::upper_bound(from, block.time.end(), slots_->end());
  samples_ += static_cast<std::uint64_t>(to - from);
  if (channel_->rule != Rule::kPlainMean) return;
  const auto first = block.value.begin() + (from - block.time.begin());
  reading_sum_ = std::accumulate(first, first + (to - from), reading_sum_);
}

void ChannelScan::look_near_cuts(const Block& block) {
  const Seconds tick = std::max<Seconds>(channel_->update_period, Micros(spacing_us_));
  const double ticks = channel_->rule == Rule::kCounter ? 6 : 3;
  const Micros reach(to_us(ticks * tick + channel_->averaging + channel_->lag));
  const auto begin = block.time.begin();
  const auto first =
      std::lower_bound(slots_->cuts.begin(), slots_->cuts.end(), block.time.front() - reach);
  for (auto cut = first; cut != slots_->cuts.end() && *cut - reach <= block.time.back(); ++cut) {
    NearCut& near = near_[static_cast<std::size_t>(cut - slots_->cuts.begin())];
    const auto from = std::lower_bound(begin, block.time.end(), *cut - reach);
    for (auto at = from; at != block.time.end() && *at <= *cut + reach; ++at) {
      const auto i = static_cast<std::size_t>(at - begin);
      const NearCut::Point point{*at, block.value[i]};
      if (*at <= *cut) {
        if (!near.far_before) near.far_before = point;
        near.before = point;
      } else {
        if (!near.after) near.after = point;
        near.far_after = point;
      }
      near.low = std::min(near.low, point.value);
      near.high = std::max(near.high, point.value);
      near.half_width_us = std::max(near.half_width_us, block.half_width_us[i]);
    }
  }
}

void ChannelScan::advance_to(std::int64_t time) {
  while (time > cuts_[slot_]) ++slot_;
}

/// Spreads a counter's step evenly over the slots that it crosses.
void ChannelScan::spread_energy(std::int64_t from, std::int64_t to, double joules) {
  const double power = to > from ? joules / static_cast<double>(to - from) : 0;
  while (to > cuts_[slot_]) {
    const std::int64_t part = std::max<std::int64_t>(cuts_[slot_] - from, 0);
    sums_[slot_].joules += power * static_cast<double>(part);
    sums_[slot_].seen_us += part;
    joules -= power * static_cast<double>(part);
    from = std::max(from, cuts_[slot_]);
    ++slot_;
  }
  sums_[slot_].joules += joules;
  sums_[slot_].seen_us += to - from;
}

/// Spreads a straight line of power over the slots that it crosses.
void ChannelScan::spread_power(std::int64_t from, std::int64_t to, double p0, double p1) {
  const double slope = to > from ? (p1 - p0) / static_cast<double>(to - from) : 0;
  while (to > from) {
    const std::int64_t stop = std::min(to, cuts_[slot_]);
    const double seconds = static_cast<double>(stop - from) * 1e-6;
    const double p = p0 + slope * static_cast<double>(stop - from);
    SlotSums& sum = sums_[slot_];
    sum.joules += (p0 + p) / 2 * seconds;
    sum.square += (p0 * p0 + p * p) / 2 * seconds;
    sum.seen_us += stop - from;
    sum.low = std::min({sum.low, p0, p});
    sum.high = std::max({sum.high, p0, p});
    p0 = p;
    from = stop;
    if (to > from) ++slot_;
  }
}

/// MLPerf's rule for wall meters: the plain mean of the samples in the closed window, times the
/// window. The slots keep their proportions, so that phases still tile the run.
void ChannelScan::apply_plain_mean() {
  const SlotSums run = range(slots_->first, slots_->last);
  if (samples_ == 0) return;
  const double seen = static_cast<double>(run.seen_us) * 1e-6;
  const double mean = reading_sum_ / static_cast<double>(samples_);
  for (std::size_t k = slots_->first; k <= slots_->last; ++k) {
    SlotSums& sum = sums_[k];
    sum.joules = run.joules > 0 ? sum.joules * (mean * seen / run.joules) : 0;
  }
}

}  // namespace joulery::account
