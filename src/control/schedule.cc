// control: the order of a sweep, see schedule.h.
#include "control/schedule.h"

#include <numeric>
#include <random>
#include <utility>

namespace joulery {
namespace {

// A choice: a drift that is straight over four runs is taken out whole, and a quarter of the runs
// is spent on it.
constexpr std::size_t kCapsBetween = 3;

// Not std::shuffle: the order of a seed must be the same with every standard library.
std::vector<std::size_t> shuffled(std::size_t count, std::mt19937_64& random) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t left = count; left > 1; --left)
    std::swap(order[left - 1], order[static_cast<std::size_t>(random() % left)]);
  return order;
}

}  // namespace

std::vector<SweepStep> make_schedule(std::size_t levels, int repeat, bool warm_up,
                                     std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<SweepStep> steps;
  if (warm_up) steps.push_back({.level = {}, .warm_up = true});
  steps.push_back({});
  for (int i = 0; i < repeat; ++i) {
    std::size_t since_baseline = 0;
    for (const std::size_t level : shuffled(levels, random)) {
      if (since_baseline == kCapsBetween) {
        steps.push_back({});
        since_baseline = 0;
      }
      steps.push_back({.level = level});
      ++since_baseline;
    }
    steps.push_back({});
  }
  return steps;
}

}  // namespace joulery
