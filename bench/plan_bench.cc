// bench: planning from every start of a year, beside a pass of prefix sums over the same year.
// Usage: joulery_plan_bench
#include <fmt/core.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <random>
#include <vector>

#include "joulery/plan.h"

namespace joulery {
namespace {

constexpr int kRounds = 9;

/// CPU time of this thread: a machine that builds too does not count.
double now_s() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Median CPU time of several calls, the first of which also warms the caches.
template <class Call>
double median_s(const Call& call) {
  std::vector<double> times;
  for (int i = 0; i < kRounds; ++i) {
    const double begin = now_s();
    call();
    times.push_back(now_s() - begin);
  }
  std::sort(times.begin(), times.end());
  return times[kRounds / 2];
}

/// A grid with days, seasons and weather.
std::vector<SeriesPiece> make_year(Micros step) {
  std::mt19937 random(1);
  std::normal_distribution<double> weather(0, 0.02);
  std::vector<SeriesPiece> pieces;
  double wind = 0;
  for (WallTime time{}; time < WallTime{} + std::chrono::days(365); time += step) {
    const double days = Seconds(time.time_since_epoch()).count() / 86400;
    wind = 0.99 * wind + weather(random);
    const double value =
        300 + 80 * std::cos(2 * M_PI * days) + 50 * std::cos(2 * M_PI * days / 365);
    pieces.push_back({time, time + step, value * std::exp(wind)});
  }
  return pieces;
}

/// What no plan of all starts can do without.
double add_up(const std::vector<SeriesPiece>& pieces) {
  std::vector<double> sums(pieces.size() + 1);
  for (std::size_t i = 0; i < pieces.size(); ++i)
    sums[i + 1] = sums[i] + pieces[i].value * Seconds(pieces[i].end - pieces[i].begin).count();
  return sums.back();
}

int measure(const char* name, Micros step) {
  const auto pieces = make_year(step);
  const auto curve = RateCurve::make(pieces);
  JobShape job;
  job.length = std::chrono::hours(168);
  job.slack = std::chrono::hours(720);
  double sum = 0;
  const double floor = median_s([&] { sum += add_up(pieces); });
  const auto plan = [&](bool interruptible) {
    job.interruptible = interruptible;
    return median_s([&] { sum += plan_all_starts(*curve, job)->mean_planned; });
  };
  const double whole = plan(false);
  const double slots = plan(true);
  const double one = median_s([&] { sum += best_window(*curve, job)->cost; });
  fmt::print(
      "{}: {} steps, 168 h job, 720 h slack\n"
      "  prefix sums       {:8.3f} ms\n"
      "  windows           {:8.3f} ms   ratio {:.1f}\n"
      "  slots             {:8.3f} ms   ratio {:.1f}\n"
      "  slots, one start  {:8.3f} ms\n",
      name, pieces.size(), 1e3 * floor, 1e3 * whole, whole / floor, 1e3 * slots, slots / floor,
      1e3 * one);
  return std::isfinite(sum) ? 0 : 1;
}

}  // namespace
}  // namespace joulery

int main() {
  using namespace joulery;
  return measure("a year of hours", std::chrono::hours(1)) +
         measure("a year at 5 minutes", std::chrono::minutes(5));
}
