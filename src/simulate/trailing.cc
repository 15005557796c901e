// simulate: quantiles over the past week, see trailing.h.
#include "simulate/trailing.h"

#include <algorithm>
#include <chrono>

namespace joulery::simulate {
namespace {

// A choice: a day has its low hours once.
constexpr Micros kLeastPast = std::chrono::days(1);

/// Time spent at each rank of the rates: a Fenwick tree.
class TimeByRank {
 public:
  explicit TimeByRank(std::size_t ranks) : sums_(ranks + 1) {
    while (2 * top_ <= ranks) top_ *= 2;
  }

  void add(std::size_t rank, Micros time) {
    total_ += time;
    for (std::size_t i = rank + 1; i < sums_.size(); i += i & (0 - i)) sums_[i] += time;
  }
  [[nodiscard]] Micros total() const { return total_; }

  /// The least rank up to which so much time is spent.
  [[nodiscard]] std::size_t rank_of(Micros time) const {
    std::size_t at = 0;
    for (std::size_t step = top_; step > 0; step /= 2)
      if (at + step < sums_.size() && sums_[at + step] < time) {
        at += step;
        time -= sums_[at];
      }
    return std::min(at, sums_.size() - 2);
  }

 private:
  std::vector<Micros> sums_;
  Micros total_{0};
  std::size_t top_ = 1;
};

std::vector<std::size_t> ranks_of(const std::vector<double>& rates) {
  std::vector<double> sorted = rates;
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  std::vector<std::size_t> ranks;
  ranks.reserve(rates.size());
  for (const double rate : rates)
    ranks.push_back(static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), rate) -
                                             sorted.begin()));
  return ranks;
}

Micros part_of(Micros time, double share) {
  return Micros(static_cast<Micros::rep>(static_cast<double>(time.count()) * share));
}

Level level_of(const TimeByRank& past, std::size_t rank, double quantile) {
  if (past.total() < kLeastPast) return Level::kUnknown;
  if (rank <= past.rank_of(part_of(past.total(), quantile))) return Level::kLow;
  return rank > past.rank_of(part_of(past.total(), 1 - quantile)) ? Level::kHigh : Level::kMiddle;
}

}  // namespace

std::vector<Level> levels_of(const Signals& signals, const std::vector<double>& rates,
                             double quantile) {
  const std::vector<std::size_t> ranks = ranks_of(rates);
  TimeByRank past(ranks.size());
  const auto length = [&](std::size_t i) { return signals.begin_of(i + 1) - signals.begin_of(i); };
  std::vector<Level> out;
  out.reserve(ranks.size());
  std::size_t oldest = 0;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    for (; oldest < i && signals.begin_of(oldest + 1) <= signals.begin_of(i) - kPast; ++oldest)
      past.add(ranks[oldest], -length(oldest));
    out.push_back(level_of(past, ranks[i], quantile));
    past.add(ranks[i], length(i));
  }
  return out;
}

Parts parts_at_low(const std::vector<MovableJob>& jobs, const Signals& signals,
                   const std::vector<Level>& levels, Micros slack) {
  std::vector<std::size_t> next_low(levels.size() + 1, levels.size());
  for (std::size_t i = levels.size(); i-- > 0;)
    next_low[i] = levels[i] == Level::kLow ? i : next_low[i + 1];
  Parts parts;
  parts.reserve(jobs.size());
  for (const MovableJob& job : jobs) {
    const std::size_t piece = signals.piece_at(job.release);
    const WallTime latest = std::min(job.release + slack, signals.end() - job.length);
    WallTime start = job.release;
    if (levels[piece] != Level::kUnknown)
      start = std::clamp(signals.begin_of(next_low[piece]), job.release, latest);
    parts.add({start, job.length});
    parts.finish_job();
  }
  return parts;
}

}  // namespace joulery::simulate
