// estimate: whether a run's power stays where it is, see joulery/estimate.h.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <vector>

#include "joulery/estimate.h"
#include "trace/power_series.h"

namespace joulery {
namespace {

// Means over a minute are what arXiv 2205.09646 (section 3.3, Figure 6) found to be steady; a
// shorter run has ten blocks.
constexpr Seconds kBlock{60};
constexpr double kFewestBlocks = 10;
// Choices: below four blocks a spread says nothing, and what is then not known of the power of
// a longer run is taken as a fifth of it.
constexpr std::size_t kFewestToTell = 4;
constexpr double kUntoldU = 0.2;

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double spread_of(std::span<const double> values, double mean) {
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

void judge(std::span<const double> watts, Steadiness& out) {
  out.blocks = watts.size();
  const double mean = watts.empty() ? 0 : mean_of(watts);
  if (watts.size() < kFewestToTell || mean <= 0) {
    out.u = kUntoldU;
    return;
  }
  const std::size_t half = watts.size() / 2;
  const double first = mean_of(watts.first(half));
  out.spread = spread_of(watts, mean) / mean;
  out.drift = first > 0 ? mean_of(watts.last(half)) / first - 1 : 1;
  out.steady = *out.spread <= kSteadyBound && std::abs(*out.drift) <= kSteadyBound;
  // Of steady blocks the mean counts, and half of what they drift. Of others, a longer run is known
  // no better from the mean than one block is from another.
  const double n = static_cast<double>(watts.size());
  out.u = out.steady ? std::max(*out.spread / std::sqrt(n), std::abs(*out.drift) / 2)
                     : std::max(*out.spread, std::abs(*out.drift));
}

}  // namespace

Result<Steadiness> steadiness_of(const Trace& trace) {
  const Seconds length = trace.info().end - trace.info().begin;
  Steadiness out;
  out.step = std::max(std::min(kBlock, length / kFewestBlocks), power_step(trace));
  JOULERY_TRY(const PowerSeries series, make_power_series(trace, out.step));
  std::vector<double> seen;
  for (const double watts : series.total.watts)
    if (std::isfinite(watts)) seen.push_back(watts);
  judge(seen, out);
  return out;
}

}  // namespace joulery
