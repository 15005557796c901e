// simulate: forecasts with an error of a stated size, see forecast.h.
#include "simulate/forecast.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <utility>

namespace joulery::simulate {
namespace {

/// Above 0, below 1. The standard says what mt19937_64 gives, but not what its distributions make
/// of it.
double uniform(std::mt19937_64& random) {
  return (static_cast<double>(random() >> 11) + 0.5) * 0x1p-53;
}

/// By Box and Muller (Annals of Mathematical Statistics 29, 1958).
double normal(std::mt19937_64& random) {
  const double radius = std::sqrt(-2 * std::log(uniform(random)));
  return radius * std::cos(2 * std::numbers::pi * uniform(random));
}

/// What is seen never has another sign than the truth.
double factor_of(double error) { return std::max(0.0, 1 + error); }

}  // namespace

Forecasts::Forecasts(const Signals& signals, double error, Seconds memory, std::uint64_t seed)
    : signals_(signals), error_(error) {
  std::mt19937_64 random(seed);
  for (std::size_t i = 0; i < signals.pieces(); ++i) {
    const double news = normal(random);
    if (memory <= Seconds(0) || i == 0) {
      process_.push_back(news);
    } else {
      const double kept = keeps_.back();
      process_.push_back(kept * process_.back() + std::sqrt(1 - kept * kept) * news);
    }
    const Seconds length = signals.begin_of(i + 1) - signals.begin_of(i);
    if (memory > Seconds(0)) keeps_.push_back(std::exp(-(length / memory)));
  }
}

std::vector<double> Forecasts::seen(std::vector<double> rates) const {
  for (std::size_t i = 0; i < rates.size(); ++i) rates[i] *= factor_of(error_ * process_[i]);
  return rates;
}

/// Of each piece from that of the release on: its number, and what it is seen as by the truth.
template <class Look>
void Forecasts::look(WallTime release, WallTime end, Look at) const {
  const std::size_t first = signals_.piece_at(release);
  double foreseen = process_[first];
  for (std::size_t i = first; i < process_.size(); ++i) {
    if (i > first && signals_.begin_of(i) >= end) return;
    at(i, factor_of(error_ * (process_[i] - foreseen)));
    foreseen *= keeps_[i];
  }
}

std::vector<SeriesPiece> Forecasts::seen(const std::vector<double>& rates, WallTime release,
                                         WallTime end) const {
  std::vector<SeriesPiece> pieces;
  look(release, end, [&](std::size_t i, double factor) {
    pieces.push_back({signals_.begin_of(i), signals_.begin_of(i + 1), rates[i] * factor});
  });
  return pieces;
}

double Forecasts::mean_error(const std::vector<MovableJob>& jobs, Micros slack) const {
  double sum = 0;
  std::uint64_t count = 0;
  const auto add = [&](std::size_t, double factor) {
    sum += std::abs(factor - 1);
    ++count;
  };
  if (is_white())
    for (const double x : process_) add(0, factor_of(error_ * x));
  else
    for (const MovableJob& job : jobs) look(job.release, job.release + slack + job.length, add);
  return count > 0 ? sum / static_cast<double>(count) : 0;
}

Result<Outlook> Outlook::make(const Signals& signals, std::vector<double> rates,
                              const Forecasts* seen) {
  const bool changes = seen != nullptr && !seen->is_white();
  if (seen != nullptr && !changes) rates = seen->seen(std::move(rates));
  JOULERY_TRY(RateCurve curve, signals.curve(rates));
  return Outlook(std::move(rates), changes ? seen : nullptr, std::move(curve));
}

Result<const RateCurve*> Outlook::of(const MovableJob& job, Micros slack) {
  if (seen_ != nullptr) {
    JOULERY_TRY(curve_, RateCurve::make(
                            seen_->seen(rates_, job.release, job.release + slack + job.length)));
  }
  return &curve_;
}

}  // namespace joulery::simulate
