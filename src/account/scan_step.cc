// account: the inner loops over samples: counters and power, see scan.h.
#include <algorithm>
#include <cmath>
#include <cstddef>

#include "account/scan.h"

namespace joulery::account {
namespace {

// A counter that stands still for this long while its device draws power has stopped. The slowest
// refresh known of is 0.5 s (GSP-era drivers poll their shared page every 100 to 500 ms), so ten
// seconds are twenty of them.
constexpr std::int64_t kFreezeUs = 10'000'000;

constexpr std::size_t kStretch =
    512;  // samples that are looked at twice while they are in the cache

bool has_restart(const Block& block, std::size_t from, std::size_t to) {
  if (block.restart.empty()) return false;
  const auto begin = block.restart.begin();
  const auto end = begin + static_cast<std::ptrdiff_t>(to);
  return std::find_if(begin + static_cast<std::ptrdiff_t>(from), end,
                      [](auto r) { return r != 0; }) != end;
}

/// Calls `take` with ranges of samples that lie before the next cut, then with the one sample
/// beyond it; `take` returns the next cut.
template <class Take>
void for_stretches(const Block& block, Instant cut, const Take& take) {
  const std::size_t size = block.time.size();
  for (std::size_t from = 0; from < size;) {
    std::size_t to = std::min(size, from + kStretch);
    if (block.time[to - 1] > cut) {
      const auto begin = block.time.begin() + static_cast<std::ptrdiff_t>(from);
      const auto beyond = std::upper_bound(begin, block.time.end(), cut);
      to = from + static_cast<std::size_t>(beyond - begin);
      to = std::max(to, from + 1);
    }
    cut = take(from, to);
    from = to;
  }
}

}  // namespace

void ChannelScan::take_counter(const Block& block) {
  const bool restarts = !block.restart.empty();
  for_stretches(block, next_cut(), [&](std::size_t from, std::size_t to) {
    if (add_counter_stretch(block, from, to)) return next_cut();
    for (std::size_t i = from; i < to; ++i) {
      const std::int64_t time = to_us(block.time[i]);
      add_counter_step(time, block.value[i], restarts && block.restart[i] != 0);
      last_ = {time, block.value[i]};
    }
    return next_cut();
  });
}

/// The common case at speed: samples [from, to) lie in the present slot, the counter moves at each
/// and never too far. False, and nothing done, where it is not so.
bool ChannelScan::add_counter_stretch(const Block& block, std::size_t from, std::size_t to) {
  const double limit = channel_->max_power ? channel_->max_power->count() * 1e-6 : HUGE_VAL;
  const double update_us = channel_->update_period.count() * 1e6;
  Last last = last_;
  bool common = to_us(block.time[from]) > last.time && last.time - changed_us_ < kFreezeUs;
  for (std::size_t i = from; i < to; ++i) {
    const std::int64_t time = to_us(block.time[i]);
    const double step = block.value[i] - last.value;
    common &= step > 0 && step <= limit * (static_cast<double>(time - last.time) + update_us);
    last = {time, block.value[i]};
  }
  if (!common || last.time > cuts_[slot_] || has_restart(block, from, to)) return false;
  sums_[slot_].joules += last.value - last_.value;
  sums_[slot_].seen_us += last.time - last_.time;
  for (std::size_t i = from; i < to; ++i) {
    const std::int64_t time = to_us(block.time[i]);
    if (time - anchor_.time >= refresh_us_) add_counter_anchor(time, block.value[i]);
  }
  changed_us_ = last.time;
  last_ = last;
  return true;
}

void ChannelScan::add_counter_step(std::int64_t time, double value, bool restart) {
  const double step = value - last_.value;
  if ((restart && time > last_.time) || step < 0) {  // a new epoch: what lies between is not known
    if (!windows_only_ && (in_run(time) || in_run(last_.time))) ++incidents_.resets;
    note_freeze(last_.time);
    changed_us_ = time;
    anchor_ = {time, value};
    previous_.reset();
    return advance_to(time);
  }
  if (step > 0) {
    // A tick may bring the energy of one refresh more than the time since the last one.
    const double since =
        static_cast<double>(time - changed_us_) * 1e-6 + channel_->update_period.count();
    const bool spike = channel_->max_power && step > channel_->max_power->count() * since;
    note_freeze(last_.time);
    changed_us_ = time;
    if (spike) {
      if (in_run(time) || in_run(last_.time)) ++incidents_.spikes;
      anchor_ = {time, value};
      previous_.reset();
      return advance_to(time);
    }
  }
  spread_energy(last_.time, time, step);
  if (time - anchor_.time >= refresh_us_) add_counter_anchor(time, value);
}

void ChannelScan::add_counter_anchor(std::int64_t time, double value) {
  const double seconds = static_cast<double>(time - anchor_.time) * 1e-6;
  if (seconds <= 0) return;
  const double power = (value - anchor_.value) / seconds;
  SlotSums& sum = sums_[slot_];
  const bool inside = anchor_.time >= (slot_ > 0 ? cuts_[slot_ - 1] : 0);
  sum.square += power * power * seconds;
  if (inside) {
    sum.low = std::min(sum.low, power);
    sum.high = std::max(sum.high, power);
  }
  anchor_ = {time, value};
}

/// Counts a stretch without a change, as far as it lies in the run, once it is too long to be a
/// slow refresh.
void ChannelScan::note_freeze(std::int64_t until) {
  if (windows_only_) return;
  const std::int64_t from = std::max(changed_us_, cuts_[slots_->first - 1]);
  const std::int64_t to = std::min(until, cuts_[slots_->last]);
  if (to - from >= kFreezeUs) incidents_.frozen_us += to - from;
}

void ChannelScan::take_power(const Block& block) {
  const bool restarts = !block.restart.empty();
  for_stretches(block, next_cut(), [&](std::size_t from, std::size_t to) {
    if (!add_power_stretch(block, from, to)) {
      for (std::size_t i = from; i < to; ++i) {
        const std::int64_t time = to_us(block.time[i]) - shift_us_;
        add_power_step(time, block.value[i], restarts && block.restart[i] != 0);
        last_ = {time, block.value[i]};
      }
    }
    return next_cut();
  });
}

/// The common case at speed: samples [from, to) lie in the present slot, without a hole, each a
/// refresh of the sensor. False, and nothing done, where it is not so.
bool ChannelScan::add_power_stretch(const Block& block, std::size_t from, std::size_t to) {
  if (channel_->rule == Rule::kWindowAverage || has_restart(block, from, to)) return false;
  std::int64_t last = last_.time + shift_us_;
  std::int64_t least = to_us(block.time[from]) - shift_us_ - anchor_.time;
  std::int64_t most = 0;
  for (std::size_t i = from; i < to; ++i) {
    const std::int64_t step = to_us(block.time[i]) - last;
    least = i > from ? std::min(least, step) : least;
    most = std::max(most, step);
    last += step;
  }
  const bool one_slot = last - shift_us_ <= cuts_[slot_];
  if (!one_slot || most > gap_us_ || least < refresh_us_ || !previous_) return false;
  add_power_sums(block, from, to);
  add_every_refresh(block, from, to);
  last_ = {last - shift_us_, block.value[to - 1]};
  anchor_ = last_;
  previous_ = last_.value;
  return true;
}

void ChannelScan::add_power_sums(const Block& block, std::size_t from, std::size_t to) {
  SlotSums sum = sums_[slot_];
  std::int64_t last = last_.time + shift_us_;
  double p0 = last_.value;
  double joules = 0;
  double square = 0;
  for (std::size_t i = from; i < to; ++i) {
    const std::int64_t time = to_us(block.time[i]);
    const double half = static_cast<double>(time - last) * 0.5e-6;
    const double p1 = block.value[i];
    joules += (p0 + p1) * half;
    square += (p0 * p0 + p1 * p1) * half;
    sum.low = p1 < sum.low ? p1 : sum.low;
    sum.high = p1 > sum.high ? p1 : sum.high;
    p0 = p1;
    last = time;
  }
  sum.joules += joules;
  sum.square += square;
  sum.seen_us += last - shift_us_ - last_.time;
  sums_[slot_] = sum;
}

void ChannelScan::add_every_refresh(const Block& block, std::size_t from, std::size_t to) {
  double before = *previous_;
  double change = 0;
  double change_sq = 0;
  for (std::size_t i = from; i < to; ++i) {
    const double step = block.value[i] - before;
    change += std::abs(step);
    change_sq += step * step;
    before = block.value[i];
  }
  sums_[slot_].change += change;
  sums_[slot_].change_sq += change_sq;
  sums_[slot_].steps += static_cast<std::int64_t>(to - from);
  for (std::size_t i = from; i < to && wants_series(to_us(block.time[i]) - shift_us_); ++i) {
    series_.push_back(block.value[i]);
  }
}

void ChannelScan::add_power_step(std::int64_t time, double value, bool restart) {
  const std::int64_t length = time - last_.time;
  // A window average tells of all the time since the sample before it, however long.
  const bool averaged = channel_->rule == Rule::kWindowAverage;
  if ((restart && length > 0) || (length > gap_us_ && !averaged)) {
    if (in_run(time) || in_run(last_.time)) ++incidents_.gaps;
    advance_to(time);
    previous_.reset();
  } else if (time > cuts_[slot_]) {
    spread_power(last_.time, time, averaged ? value : last_.value, value);
  } else {
    const double p0 = averaged ? value : last_.value;
    const double seconds = static_cast<double>(length) * 1e-6;
    SlotSums& sum = sums_[slot_];
    sum.joules += (p0 + value) / 2 * seconds;
    sum.square += (p0 * p0 + value * value) / 2 * seconds;
    sum.seen_us += length;
    sum.low = std::min(sum.low, value);
    sum.high = std::max(sum.high, value);
  }
  if (time - anchor_.time >= refresh_us_) add_refresh(time, value);
}

/// Readings between two refreshes repeat the last one: they are data for the integral, but no news
/// of the load.
void ChannelScan::add_refresh(std::int64_t time, double value) {
  anchor_ = {time, value};
  if (previous_) {
    const double change = std::abs(value - *previous_);
    SlotSums& sum = sums_[slot_];
    sum.change += change;
    sum.change_sq += change * change;
    ++sum.steps;
  }
  previous_ = value;
  if (channel_->duty < 1 && in_run(time) && series_.size() < kSeriesLength)
    series_.push_back(value);
}

}  // namespace joulery::account
