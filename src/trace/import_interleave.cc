// trace: telling apart devices by the rhythm of their rows, see import_interleave.h.
#include "trace/import_interleave.h"

#include <algorithm>
#include <array>

namespace joulery {
namespace {

constexpr int kMaxDevices = 64;
constexpr std::size_t kMinBursts = 3;

// The step between bursts: up to 32 devices, more than 3 % of all steps are of this kind.
Micros long_step(std::span<const Instant> stamps) {
  std::vector<Micros> steps;
  for (std::size_t i = 1; i < stamps.size(); ++i) steps.push_back(stamps[i] - stamps[i - 1]);
  const auto at = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() * 97 / 100);
  std::nth_element(steps.begin(), at, steps.end());
  return *at;
}

// Index of the first row of each burst, and one behind the last row. A step back starts one too.
std::vector<std::size_t> burst_starts(std::span<const Instant> stamps, Micros period) {
  std::vector<std::size_t> starts = {0};
  for (std::size_t i = 1; i < stamps.size(); ++i) {
    const Micros step = stamps[i] - stamps[i - 1];
    if (step * 2 >= period || step < Micros(0)) starts.push_back(i);
  }
  starts.push_back(stamps.size());
  return starts;
}

bool whole_seconds(std::span<const Instant> stamps) {
  return std::all_of(stamps.begin(), stamps.end(), [](Instant stamp) {
    return stamp.time_since_epoch() % std::chrono::seconds(1) == Micros(0);
  });
}

// Rows of one burst follow each other much faster than the bursts do: at most a quarter of the
// period apart. One device that is polled unevenly does not look like this.
bool tight(std::span<const Instant> stamps, const std::vector<std::size_t>& starts, Micros period) {
  std::size_t close = 0, all = 0;
  for (std::size_t b = 0; b + 1 < starts.size(); ++b) {
    for (std::size_t i = starts[b] + 1; i < starts[b + 1]; ++i, ++all)
      if ((stamps[i] - stamps[i - 1]) * 4 <= period) ++close;
  }
  return all > 0 && close * 10 >= all * 9;
}

}  // namespace

int find_interleaved(std::span<const Instant> stamps) {
  if (stamps.size() < 2 * kMinBursts || whole_seconds(stamps)) return 1;
  const Micros period = long_step(stamps);
  if (period <= Micros(0)) return 1;
  const auto starts = burst_starts(stamps, period);
  const std::size_t bursts = starts.size() - 1;
  std::array<std::size_t, kMaxDevices + 1> sizes{};
  for (std::size_t b = 0; b < bursts; ++b)
    ++sizes[std::min<std::size_t>(starts[b + 1] - starts[b], kMaxDevices)];
  const auto* most = std::max_element(sizes.begin(), sizes.end());
  const int devices = static_cast<int>(most - sizes.begin());
  if (devices < 2 || devices == kMaxDevices || bursts < kMinBursts) return 1;
  if (*most * 10 < bursts * 8 || !tight(stamps, starts, period)) return 1;
  return devices;
}

std::vector<int> assign_interleaved(std::span<const Instant> stamps, int devices, bool by_count) {
  std::vector<int> device(stamps.size(), -1);
  if (by_count || devices == 1) {
    for (std::size_t i = 0; i < stamps.size(); ++i)
      device[i] = static_cast<int>(i % static_cast<std::size_t>(devices));
    return device;
  }
  const auto starts = burst_starts(stamps, long_step(stamps));
  for (std::size_t b = 0; b + 1 < starts.size(); ++b) {
    if (starts[b + 1] - starts[b] != static_cast<std::size_t>(devices)) continue;
    for (std::size_t i = starts[b]; i < starts[b + 1]; ++i)
      device[i] = static_cast<int>(i - starts[b]);
  }
  return device;
}

}  // namespace joulery
