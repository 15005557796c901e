// account: one channel's samples, gathered as they stream by. Memory does not grow with the trace.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "account/slots.h"
#include "joulery/sample.h"
#include "joulery/trace.h"

namespace joulery::account {

inline std::int64_t to_us(Instant t) { return t.time_since_epoch().count(); }

/// Sums over one slot, of readings as they are: gain and offset are applied later.
struct SlotSums {
  double joules = 0;
  std::int64_t seen_us = 0;
  double square = 0;                                       ///< of power over time, W^2 s
  double change = 0;                                       ///< sum of |dP| between refreshes, W
  double change_sq = 0;                                    ///< sum of dP^2, W^2
  std::int64_t steps = 0;                                  ///< refreshes that the two sums run over
  double low = std::numeric_limits<double>::infinity();    ///< least power, W
  double high = -std::numeric_limits<double>::infinity();  ///< greatest power, W

  void add(const SlotSums& other);
};

/// The samples around one cut: what the edge terms need to know.
struct NearCut {
  struct Point {
    Instant time;
    double value = 0;
  };
  std::optional<Point> far_before, before, after, far_after;
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  std::uint32_t half_width_us = 0;
};

struct Incidents {
  std::uint32_t resets = 0;
  std::uint32_t spikes = 0;
  std::uint32_t gaps = 0;
  std::int64_t frozen_us = 0;
};

/// Readings at the refresh rate of the sensor, enough of them to find a period by autocorrelation.
inline constexpr std::size_t kSeriesLength = 4096;  // 410 s at 100 ms; 32 KiB a channel

class ChannelScan {
 public:
  ChannelScan(const Channel& channel, const Slots& slots, Seconds loop_period);

  void take(const Block& block);
  void finish();  ///< after the last block

  [[nodiscard]] const Channel& channel() const { return *channel_; }
  [[nodiscard]] const SlotSums& slot(std::size_t k) const { return sums_[k]; }
  [[nodiscard]] SlotSums range(std::size_t first, std::size_t last) const;
  [[nodiscard]] const NearCut& near(std::size_t cut) const { return near_[cut]; }
  [[nodiscard]] const Incidents& incidents() const { return incidents_; }
  [[nodiscard]] const std::vector<double>& series() const { return series_; }
  [[nodiscard]] std::uint64_t samples() const { return samples_; }
  /// Its unseen time is not filled: what it tells is a lower bound.
  [[nodiscard]] bool windows_only() const { return windows_only_; }
  [[nodiscard]] Seconds spacing() const {
    return Micros(spacing_us_);
  }  ///< usual time between samples

 private:
  struct Last {
    std::int64_t time = 0;
    double value = 0;
  };
  void begin_with(const Block& block);
  void take_counter(const Block& block);
  void take_power(const Block& block);
  bool add_counter_stretch(const Block& block, std::size_t from, std::size_t to);
  bool add_power_stretch(const Block& block, std::size_t from, std::size_t to);
  void add_power_sums(const Block& block, std::size_t from, std::size_t to);
  void add_every_refresh(const Block& block, std::size_t from, std::size_t to);
  void count_run(const Block& block);
  void look_near_cuts(const Block& block);
  void add_counter_step(std::int64_t time, double value, bool restart);
  void add_counter_anchor(std::int64_t time, double value);
  void add_power_step(std::int64_t time, double value, bool restart);
  void add_refresh(std::int64_t time, double value);
  void note_freeze(std::int64_t until);
  void spread_energy(std::int64_t from, std::int64_t to, double joules);
  void spread_power(std::int64_t from, std::int64_t to, double p0, double p1);
  void advance_to(std::int64_t time);
  void apply_plain_mean();
  /// The end of the present slot, in the samples' own time.
  [[nodiscard]] Instant next_cut() const {
    return Instant(Micros(slot_ + 1 == cuts_.size() ? cuts_[slot_] : cuts_[slot_] + shift_us_));
  }
  [[nodiscard]] bool in_run(std::int64_t time) const;
  [[nodiscard]] bool wants_series(std::int64_t time) const {
    return channel_->duty < 1 && series_.size() < kSeriesLength && in_run(time);
  }

  const Channel* channel_;
  const Slots* slots_;
  std::vector<std::int64_t> cuts_;  ///< the slots' cuts in us, then a sentinel
  std::vector<SlotSums> sums_;
  std::vector<NearCut> near_;
  Incidents incidents_;
  std::vector<double> series_;
  std::uint64_t samples_ = 0;
  double reading_sum_ = 0;
  std::int64_t period_us_;
  std::int64_t spacing_us_ = 0;
  std::int64_t gap_us_ = 0;
  std::int64_t shift_us_ = 0;  ///< power: how far a reading is moved back
  std::int64_t hold_us_ =
      0;  ///< power: what a reading tells of the time beyond its own shifted stamp
  std::int64_t refresh_us_ =
      0;  ///< power: one refresh of the sensor; counter: span over which power is taken
  bool windows_only_;
  std::size_t slot_ = 0;
  bool started_ = false;
  Last last_;
  Last anchor_;  ///< last refresh; of a counter: where the present power step began
  std::optional<double> previous_;  ///< power of the refresh before
  std::int64_t changed_us_ = 0;     ///< when the counter last moved
};

}  // namespace joulery::account
