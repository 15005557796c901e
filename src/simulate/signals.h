// simulate: what a joule of IT energy means at each moment of a place, and sums of it over any
// stretch of time in the time of one search.
#pragma once

#include <cstddef>
#include <vector>

#include "joulery/plan.h"
#include "joulery/simulate.h"

namespace joulery::simulate {

/// Of one watt of IT power over a stretch of time.
struct PerWatt {
  double seconds = 0;  ///< IT energy, J
  double site = 0;     ///< site energy, J
  double carbon = 0;   ///< g CO2e
  double money = 0;    ///< 0 without a price

  PerWatt& operator+=(const PerWatt& other);
  friend PerWatt operator*(PerWatt a, double k) {
    return {a.seconds * k, a.site * k, a.carbon * k, a.money * k};
  }
};

/// A stretch without gaps.
class Signals {
 public:
  /// From `from` to the first moment that one of the series does not know. Errors: kInvalid where
  /// that is before `until`, naming the series.
  static Result<Signals> make(const PlaceSignals& place, WallTime from, WallTime until);

  [[nodiscard]] std::size_t pieces() const { return rates_.size(); }
  [[nodiscard]] WallTime begin_of(std::size_t piece) const { return bounds_[piece]; }
  [[nodiscard]] WallTime begin() const { return bounds_.front(); }
  [[nodiscard]] WallTime end() const { return bounds_.back(); }
  /// The piece that holds `time`; of the end: the last.
  [[nodiscard]] std::size_t piece_at(WallTime time) const;
  /// Of a second with one watt.
  [[nodiscard]] const PerWatt& rate(std::size_t piece) const { return rates_[piece]; }
  [[nodiscard]] bool has_price() const { return has_price_; }

  /// Of a load of one watt; `begin` to `end` lie within.
  [[nodiscard]] PerWatt over(WallTime begin, WallTime end) const;

  /// What the objective weighs a joule with, piece by piece.
  [[nodiscard]] std::vector<double> rates(ShiftObjective objective) const;
  /// The intensity of the grid alone.
  [[nodiscard]] std::vector<double> intensities() const { return intensities_; }
  /// A curve of other rates over the same pieces.
  [[nodiscard]] Result<RateCurve> curve(const std::vector<double>& rates) const;
  /// The same where a load of one watt draws `factors` watts instead, piece by piece.
  [[nodiscard]] Signals with_power(const std::vector<double>& factors) const;

 private:
  void add_up();

  std::vector<WallTime> bounds_;  // of the pieces, one more than them
  std::vector<PerWatt> rates_;    // per second
  std::vector<PerWatt> sums_;     // up to each bound
  std::vector<double> intensities_;
  bool has_price_ = false;
};

}  // namespace joulery::simulate
