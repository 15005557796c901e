// plan: one job from every step of a series, by windows that slide, see joulery/plan.h.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>

#include "base/errors.h"
#include "base/text.h"
#include "joulery/plan.h"
#include "plan/moments.h"
#include "plan/ranked_sums.h"

namespace joulery {
namespace {

/// A choice: a year of 10-second steps.
constexpr std::int64_t kMostCells = 4'000'000;

struct Cells {
  std::vector<double> costs;  ///< of each step; 0 where it is not known
  std::vector<bool> known;
  std::ptrdiff_t length = 0, slack = 0;  ///< in steps

  [[nodiscard]] std::ptrdiff_t count() const { return static_cast<std::ptrdiff_t>(costs.size()); }
};

Result<std::ptrdiff_t> steps_of(Seconds time, Micros step, const char* name) {
  const Micros whole = plan::micros(time);
  if (whole % step == Micros(0) && whole >= Micros(0)) return whole / step;
  return invalid(fmt::format("a {} of {} is no multiple of the series' step, {}", name,
                             format_duration(time), format_duration(Seconds(step))));
}

Result<Cells> cells_of(const RateCurve& curve, const JobShape& job) {
  const auto& pieces = curve.pieces();
  const Micros step = pieces[0].end - pieces[0].begin;
  for (const SeriesPiece& piece : pieces)
    if (piece.end - piece.begin != step || (piece.begin - curve.begin()) % step != Micros(0))
      return invalid(fmt::format(
          "the series has a step of {}, but not at {}: plans from every slot need one step",
          format_duration(Seconds(step)), format_time(piece.begin)));
  const std::int64_t count = (curve.end() - curve.begin()) / step;
  if (count > kMostCells)
    return invalid(fmt::format("the series spans {} steps, more than {}", count, kMostCells));
  Cells cells;
  JOULERY_TRY(cells.length, steps_of(job.length, step, "duration"));
  JOULERY_TRY(cells.slack, steps_of(job.slack, step, "slack"));
  if (cells.length == 0 || cells.length > count)
    return invalid(fmt::format("a job of {} does not fit into the series, {} to {}",
                               format_duration(job.length), format_time(curve.begin()),
                               format_time(curve.end())));
  cells.slack = std::min(cells.slack, static_cast<std::ptrdiff_t>(count));
  cells.costs.assign(static_cast<std::size_t>(count), 0.0);
  cells.known.assign(static_cast<std::size_t>(count), false);
  for (const SeriesPiece& piece : pieces) {
    const auto at = static_cast<std::size_t>((piece.begin - curve.begin()) / step);
    cells.costs[at] = piece.value * Seconds(step).count();
    cells.known[at] = true;
  }
  return cells;
}

/// The cost of the window from each step on; not finite where a part of it is not known.
std::vector<double> windows_of(const Cells& cells, const RateCurve& curve) {
  const auto& pieces = curve.pieces();
  const Micros step = pieces[0].end - pieces[0].begin;
  std::vector<double> sums(static_cast<std::size_t>(cells.count() - cells.length + 1), INFINITY);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const std::size_t last = i + static_cast<std::size_t>(cells.length) - 1;
    if (last > curve.last_without_gap(i)) continue;
    sums[static_cast<std::size_t>((pieces[i].begin - curve.begin()) / step)] =
        curve.integral_up_to(last, pieces[last].end) - curve.integral_up_to(i, pieces[i].begin);
  }
  return sums;
}

/// The least of sums[t..t+slack] for each t: from the end on, with those that may still be the
/// least in rising order.
std::vector<double> sliding_least(const std::vector<double>& sums, std::ptrdiff_t slack) {
  std::vector<double> least(sums.size());
  std::deque<std::size_t> rising;
  for (std::size_t t = sums.size(); t-- > 0;) {
    while (!rising.empty() && sums[rising.front()] >= sums[t]) rising.pop_front();
    rising.push_front(t);
    while (rising.back() > t + static_cast<std::size_t>(slack)) rising.pop_back();
    least[t] = sums[rising.back()];
  }
  return least;
}

/// Ranks by rising cost.
std::vector<std::size_t> ranks_of(const std::vector<double>& costs) {
  std::vector<std::size_t> order(costs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return costs[a] < costs[b] || (costs[a] == costs[b] && a < b);
  });
  std::vector<std::size_t> ranks(costs.size());
  for (std::size_t r = 0; r < order.size(); ++r) ranks[order[r]] = r;
  return ranks;
}

/// The sum of the `length` least of the cells [t, t + slack + length) for each t.
std::vector<double> sliding_slots(const Cells& cells) {
  const auto ranks = ranks_of(cells.costs);
  plan::RankedSums<double> within(cells.costs.size());
  std::vector<double> least(static_cast<std::size_t>(cells.count() - cells.length + 1));
  const auto reach = static_cast<std::size_t>(cells.slack + cells.length);
  std::size_t end = 0;
  for (std::size_t t = 0; t < least.size(); ++t) {
    for (; end < std::min(t + reach, cells.costs.size()); ++end)
      if (cells.known[end]) within.add(ranks[end], cells.costs[end]);
    if (t > 0 && cells.known[t - 1]) within.remove(ranks[t - 1], cells.costs[t - 1]);
    least[t] = within.least(cells.length);
  }
  return least;
}

}  // namespace

Result<AllStarts> plan_all_starts(const RateCurve& curve, const JobShape& job) {
  if (!job.profile.empty()) return invalid("plans from every slot are of a constant load");
  JOULERY_TRY(const Cells cells, cells_of(curve, job));
  const auto now = windows_of(cells, curve);
  const auto planned = job.interruptible ? sliding_slots(cells) : sliding_least(now, cells.slack);
  const Micros step = curve.pieces()[0].end - curve.pieces()[0].begin;
  AllStarts out;
  out.starts.reserve(now.size());
  for (std::size_t t = 0; t < now.size(); ++t) {
    if (!std::isfinite(now[t])) continue;
    out.starts.push_back({curve.begin() + static_cast<Micros::rep>(t) * step, now[t], planned[t]});
    out.mean_now += now[t];
    out.mean_planned += planned[t];
  }
  if (out.starts.empty())
    return invalid(
        fmt::format("the series knows {} in a row nowhere", format_duration(job.length)));
  out.mean_now /= static_cast<double>(out.starts.size());
  out.mean_planned /= static_cast<double>(out.starts.size());
  return out;
}

}  // namespace joulery
