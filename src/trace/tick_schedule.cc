// trace: the arithmetic of a sampling loop, see tick_schedule.h.
#include "trace/tick_schedule.h"

#include <algorithm>
#include <bit>

namespace joulery {
namespace {

constexpr unsigned kStepBits = 4;

// Below 16 us each has its own bin; above, the four bits behind the first one choose it.
std::size_t bin_of(std::uint64_t us) {
  const auto width = static_cast<unsigned>(std::bit_width(us));
  if (width <= kStepBits) return us;
  const unsigned shift = width - kStepBits - 1;
  return ((shift + 1) << kStepBits) + ((us >> shift) & ((1U << kStepBits) - 1));
}

std::uint64_t longest_in(std::size_t bin) {
  if (bin < (1U << kStepBits)) return bin;
  const std::size_t shift = (bin >> kStepBits) - 1;
  const std::uint64_t first = ((1U << kStepBits) + (bin & ((1U << kStepBits) - 1))) << shift;
  return first + (std::uint64_t{1} << shift) - 1;
}

}  // namespace

void TickSchedule::serve(Instant woke, Instant done) {
  const Micros delay = woke - deadline_;
  ++counts_.ticks;
  if (2 * delay > period_) ++counts_.late;
  counts_.worst_delay = std::max(counts_.worst_delay, delay);
  deadline_ += period_;
  if (done < deadline_ + period_) return;
  const std::int64_t passed = (done - deadline_) / period_;
  counts_.lost += static_cast<std::uint64_t>(passed);
  deadline_ += passed * period_;
}

void ReadTimes::add(Micros length) {
  const auto us = static_cast<std::uint64_t>(std::max(length, Micros(0)).count());
  ++count_[std::min(bin_of(us), kBins - 1)];
  ++total_;
}

Seconds ReadTimes::quantile(double share) const {
  const double wanted = share * static_cast<double>(total_);
  std::uint64_t seen = 0;
  for (std::size_t bin = 0; bin < kBins; ++bin) {
    seen += count_[bin];
    if (seen > 0 && static_cast<double>(seen) >= wanted)
      return Micros(static_cast<std::int64_t>(longest_in(bin)));
  }
  return Seconds(0);
}

}  // namespace joulery
