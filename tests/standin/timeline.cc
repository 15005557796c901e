// standin: loads as pieces of constant demand, so that every integral is a table look-up; see
// timeline.h.
#include "standin/timeline.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace joulery::standin {
namespace {

constexpr int kRampSteps =
    64;  // a staircase this fine is a ramp to a sensor that looks ten times a second
constexpr int kTrainSteps = 256;  // steps before the noise repeats
constexpr double kTrainGap =
    0.15;  // share of a training step in which the GPU waits for others; a choice
constexpr double kBusyLevel =
    0.02;  // of the way from idle to the limit: less is a GPU on which nothing runs

double watts(const Level& level, const GpuModel& model) {
  if (!level.percent) return level.value;
  return model.physics.idle_w + level.value / 100 * (model.max_limit_w - model.physics.idle_w);
}

std::vector<Piece> make_ramp(const LoadSpec& load, double low, double high) {
  std::vector<Piece> pieces;
  for (int i = 0; i < kRampSteps; ++i)
    pieces.push_back({load.period / kRampSteps, low + (high - low) * (i + 0.5) / kRampSteps});
  return pieces;
}

std::vector<Piece> make_training(const LoadSpec& load, double low, double high,
                                 std::uint64_t seed) {
  std::vector<Piece> pieces;
  for (std::uint64_t i = 0; i < kTrainSteps; ++i) {
    const double stretch = 1 + load.noise * (2 * uniform(hash(seed) + 2 * i) - 1);
    const double power = 1 + load.noise * (2 * uniform(hash(seed) + 2 * i + 1) - 1);
    pieces.push_back({load.period * (1 - kTrainGap) * stretch, low + (high - low) * power});
    pieces.push_back({load.period * kTrainGap, low});
  }
  return pieces;
}

}  // namespace

// splitmix64: Steele, Lea, Flood, OOPSLA 2014.
std::uint64_t hash(std::uint64_t key) {
  key += 0x9e3779b97f4a7c15ULL;
  key = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9ULL;
  key = (key ^ (key >> 27)) * 0x94d049bb133111ebULL;
  return key ^ (key >> 31);
}

double uniform(std::uint64_t key) { return (static_cast<double>(hash(key) >> 11) + 0.5) * 0x1p-53; }

double normal(std::uint64_t key) {
  const double radius = std::sqrt(-2 * std::log(uniform(key)));
  return radius * std::cos(2 * std::numbers::pi * uniform(hash(key) ^ 0x5bd1e995ULL));
}

std::vector<Piece> make_pieces(const LoadSpec& load, const GpuModel& model, std::uint64_t seed) {
  const double low = watts(load.low, model);
  const double high = watts(load.high, model);
  if (load.kind == "constant") return {{load.period, high}};
  if (load.kind == "square")
    return {{load.period * load.duty, high}, {load.period * (1 - load.duty), low}};
  if (load.kind == "ramp") return make_ramp(load, low, high);
  if (load.kind == "train") return make_training(load, low, high, seed);
  return {{1, model.physics.idle_w}};
}

Totals& Totals::add(const Totals& other, double times) {
  energy_j += other.energy_j * times;
  busy_s += other.busy_s * times;
  work_s += other.work_s * times;
  throttled_s += other.throttled_s * times;
  return *this;
}

Timeline::Timeline(const std::vector<Piece>& pieces, const LoadSpec& load, const GpuModel& model,
                   double cap_w, double lock)
    : phase_(load.phase) {
  const Physics& physics = model.physics;
  for (const Piece& piece : pieces) {
    const bool busy =
        piece.demand_w - physics.idle_w > kBusyLevel * (model.max_limit_w - physics.idle_w);
    const double allowed = physics.clock_under(piece.demand_w, cap_w);
    const double clock = std::min(allowed, lock);
    const double speed = 1 / ((1 - load.compute) + load.compute / clock);
    const Totals rate{.energy_j = physics.power(piece.demand_w, clock),
                      .busy_s = busy ? 1.0 : 0.0,
                      .work_s = busy ? speed : 0.0,
                      .throttled_s = allowed < lock ? 1.0 : 0.0};
    steps_.push_back(
        {.start = period_, .before = per_period_, .rate = rate, .clock = busy ? clock : 0});
    per_period_.add(rate, piece.seconds);
    period_ += piece.seconds;
  }
}

const Timeline::Step& Timeline::step_at(double t, double& whole_periods, double& into) const {
  whole_periods = std::floor((t + phase_) / period_);
  into = (t + phase_) - whole_periods * period_;
  const auto after =
      std::upper_bound(steps_.begin() + 1, steps_.end(), into,
                       [](double value, const Step& step) { return value < step.start; });
  return *(after - 1);
}

Totals Timeline::at(double t) const {
  double periods = 0;
  double into = 0;
  const Step& step = step_at(t, periods, into);
  Totals sum = step.before;
  return sum.add(step.rate, into - step.start).add(per_period_, periods);
}

const Totals& Timeline::rate_at(double t) const {
  double periods = 0;
  double into = 0;
  return step_at(t, periods, into).rate;
}

double Timeline::clock_at(double t) const {
  double periods = 0;
  double into = 0;
  return step_at(t, periods, into).clock;
}

}  // namespace joulery::standin
