// simulate: what planning sees of the future.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "simulate/parts.h"
#include "simulate/signals.h"

namespace joulery::simulate {

/// Forecasts of a place, each made when a job is released. What could not be foreseen is error x X,
/// X a Gauss-Markov process of variance 1 that forgets itself over `memory`; a forecast knows X at
/// the moment at which it is made, and the best that it can say of X a time t later is
/// X exp(-t / memory). So it is right about now, is wrong for hours in the same direction, and its
/// standard deviation grows with the lead t as error x sqrt(1 - exp(-2 t / memory)). Without memory
/// each moment is wrong by itself, by the same for all who look (white).
class Forecasts {
 public:
  /// The same everywhere for the same seed.
  Forecasts(const Signals& signals, double error, Seconds memory, std::uint64_t seed);

  [[nodiscard]] bool is_white() const { return keeps_.empty(); }
  /// White: the rates as everybody sees them.
  [[nodiscard]] std::vector<double> seen(std::vector<double> rates) const;
  /// The rates that one sees who is released at `release`, up to `end`. O(pieces of it).
  [[nodiscard]] std::vector<SeriesPiece> seen(const std::vector<double>& rates, WallTime release,
                                              WallTime end) const;
  /// The mean of |seen / truth - 1|: of all pieces (white), or of those that jobs look at.
  [[nodiscard]] double mean_error(const std::vector<MovableJob>& jobs, Micros slack) const;

 private:
  template <class Look>
  void look(WallTime release, WallTime end, Look at) const;

  const Signals& signals_;
  double error_;
  std::vector<double> process_;  // X in each piece
  std::vector<double> keeps_;    // the share of X that is left a piece later; empty: white
};

/// The rates that each job is planned on.
class Outlook {
 public:
  /// `seen` may be null: the future is known. Errors: as RateCurve::make().
  static Result<Outlook> make(const Signals& signals, std::vector<double> rates,
                              const Forecasts* seen);
  /// From its release on, for a start up to `slack` later. Lives until the next call.
  Result<const RateCurve*> of(const MovableJob& job, Micros slack);

 private:
  Outlook(std::vector<double> rates, const Forecasts* seen, RateCurve curve)
      : rates_(std::move(rates)), seen_(seen), curve_(std::move(curve)) {}

  std::vector<double> rates_;
  const Forecasts* seen_;  // null: `curve_` is that of all jobs
  RateCurve curve_;
};

}  // namespace joulery::simulate
