// standin: one GPU: true power from its load and limits, and the board's imperfect view of it.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "standin/machine.h"

namespace joulery::standin {
namespace {

// The spread of boards: 5 % gain, half of its variance common to a model, and up to 5 W offset.
// Gain from the comparison with external meters in Yang, Adamek, Armour, SC24, arXiv 2312.02741;
// correlation and offset are choices.
constexpr double kGainSpread = 0.05;
constexpr double kOffsetW = 5;

std::string make_uuid(std::uint64_t key) {
  const std::uint64_t a = hash(key);
  const std::uint64_t b = hash(key + 1);
  char text[64];
  std::snprintf(text, sizeof text, "GPU-%08x-%04x-%04x-%04x-%012llx",
                static_cast<unsigned>(a >> 32), static_cast<unsigned>(a >> 16) & 0xffff,
                static_cast<unsigned>(a) & 0xffff, static_cast<unsigned>(b >> 48),
                static_cast<unsigned long long>(b & 0xffffffffffffULL));
  return text;
}

double draw_gain(std::uint64_t seed, const GpuModel& model, std::uint64_t board) {
  const std::uint64_t family =
      hash(seed ^ hash(model.architecture * 1000 + static_cast<unsigned>(model.max_limit_w)));
  return 1 + kGainSpread * std::sqrt(0.5) * (normal(family) + normal(board));
}

}  // namespace

Gpu::Gpu(const Config& config, std::size_t index, StateFile& state)
    : config_(config.gpus[index]),
      model_(find_gpu_model(config_.model)),
      index_(index),
      key_(hash(hash(config.seed) + index)),
      gain_(config_.gain.value_or(draw_gain(config.seed, *model_, key_ + 2))),
      offset_w_(config_.offset.value_or(kOffsetW * (2 * uniform(key_ + 3) - 1))),
      sampled_counter_(config.sampled_counter),
      uuid_(make_uuid(key_)),
      pieces_(make_pieces(config_.load, *model_, config.seed)),
      state_(&state) {
  const double origin = state.state().origin;
  // A sampled counter is a sum over all its ticks: it starts with the machine, not with the clock.
  if (sampled_counter_) epoch_ = std::floor(origin / 60) * 60;
  for (Fault fault : config.faults) {
    if (fault.gpu >= 0 && fault.gpu != static_cast<int>(index)) continue;
    fault.at += origin;
    faults_.push_back(std::move(fault));
  }
  const StateFile::Lock lock(state);
  if (state.state().gpus[index].count == 0)
    state.append(index,
                 {.since = 0, .requested_w = model_->default_limit_w, .lock = 1, .base = {}});
}

const Fault* Gpu::fault(std::string_view kind, double t, std::string_view call,
                        unsigned field) const {
  for (const Fault& fault : faults_) {
    if (fault.kind != kind || t < fault.at || t >= fault.at + fault.lasts) continue;
    if (fault.field != 0 && fault.field != field) continue;
    if (!fault.call.empty() && fault.call != call) continue;
    if (fault.field != 0 && !fault.call.empty()) continue;
    return &fault;
  }
  return nullptr;
}

double Gpu::enforced(double requested_w) const {
  for (const Fault& fault : faults_)
    if (fault.kind == "oob") return std::min(requested_w, fault.value);
  return requested_w;
}

// Rebuilds the integrals where this or another process has changed a setting. The caller holds
// mutex_.
void Gpu::refresh() const {
  if (state_->state().gpus[index_].version.load(std::memory_order_acquire) == version_) return;
  periods_.clear();
  for (const Segment& segment : state_->read(index_, version_)) {
    Timeline timeline(pieces_, config_.load, *model_, enforced(segment.requested_w), segment.lock);
    const Totals start = timeline.at(segment.since);
    periods_.push_back({segment, std::move(timeline), start});
  }
}

const Gpu::Period& Gpu::period_at(double t) const {
  refresh();
  for (std::size_t i = periods_.size(); i-- > 1;)
    if (periods_[i].segment.since <= t) return periods_[i];
  return periods_.front();
}

Totals Gpu::totals_locked(double t) const {
  const Period& period = period_at(t);
  Totals sum = period.segment.base;
  return sum.add(period.timeline.at(t), 1).add(period.at_start, -1);
}

Totals Gpu::totals(double t) const {
  const std::lock_guard lock(mutex_);
  return totals_locked(t);
}

double Gpu::energy_j(double from, double to) const {
  return totals(to).energy_j - totals(from).energy_j;
}

double Gpu::power_w(double t) const {
  const std::lock_guard lock(mutex_);
  return period_at(t).timeline.rate_at(t).energy_j;
}

double Gpu::clock(double t) const {
  const std::lock_guard lock(mutex_);
  return period_at(t).timeline.clock_at(t);
}

double Gpu::mean_power_w(double t, double window) const { return energy_j(t - window, t) / window; }

// A sensor publishes at its ticks. Boards do not tick together.
std::int64_t Gpu::tick_before(double period, double t) const {
  return static_cast<std::int64_t>(std::floor(t / period - uniform(key_ + 4)));
}

// The end of the window that is published at a tick.
double Gpu::window_end(double period, std::int64_t tick) const {
  return (static_cast<double>(tick) + uniform(key_ + 4)) * period - config_.lag;
}

double Gpu::read_power_w(const PowerSensor& sensor, double t) const {
  const std::int64_t tick = tick_before(sensor.period, t);
  const double end = window_end(sensor.period, tick);
  const double noise = config_.noise_w > 0
                           ? config_.noise_w * normal(key_ ^ hash(static_cast<std::uint64_t>(tick)))
                           : 0;
  return std::max(0.0, gain_ * mean_power_w(end, sensor.window) + offset_w_ + noise);
}

// What the counter adds up: all of the true energy, or the mean of each sensor window times the
// period.
double Gpu::counted_j(double t) const {
  const std::int64_t tick = tick_before(model_->counter_period, t);
  const double end = window_end(model_->counter_period, tick);
  const double true_j = sampled_counter_ ? sampled_j(tick) : energy_j(epoch_, end);
  return gain_ * true_j + offset_w_ * (end - epoch_);
}

double Gpu::sampled_j(std::int64_t tick) const {
  const std::lock_guard lock(mutex_);
  const double period = model_->counter_period;
  const double window = model_->instant.window;
  if (!sampled_ || tick < sampled_tick_) {
    sampled_ = true;
    sampled_tick_ = tick_before(period, epoch_);
    sampled_sum_ = 0;
  }
  while (sampled_tick_ < tick) {
    const double end = window_end(period, ++sampled_tick_);
    const double seen_j = totals_locked(end).energy_j - totals_locked(end - window).energy_j;
    sampled_sum_ += seen_j / window * period;
  }
  return sampled_sum_;
}

std::uint64_t Gpu::read_counter_mj(double t) const {
  double joules = counted_j(t);
  for (const Fault& fault : faults_) {
    if (t < fault.at) continue;
    if (fault.kind == "frozen" && t < fault.at + fault.lasts) joules = counted_j(fault.at);
    if (fault.kind == "reset") joules -= counted_j(fault.at);
    if (fault.kind == "spike") joules += fault.value;
  }
  return static_cast<std::uint64_t>(std::max(0.0, joules) * 1000);
}

double Gpu::requested_w() const {
  const std::lock_guard lock(mutex_);
  refresh();
  return periods_.back().segment.requested_w;
}

double Gpu::enforced_w() const { return enforced(requested_w()); }

double Gpu::lock() const {
  const std::lock_guard lock(mutex_);
  refresh();
  return periods_.back().segment.lock;
}

void Gpu::begin_segment(double t, std::optional<double> watts, std::optional<double> clock) {
  const std::lock_guard lock(mutex_);
  const StateFile::Lock writer(*state_);
  refresh();
  Segment next = periods_.back().segment;
  next.since = std::max(t, next.since);
  next.base = totals_locked(next.since);
  if (watts) next.requested_w = *watts;
  if (clock) next.lock = *clock;
  state_->append(index_, next);
}

void Gpu::set_limit(double t, double watts) { begin_segment(t, watts, std::nullopt); }
void Gpu::set_lock(double t, double clock) { begin_segment(t, std::nullopt, clock); }

}  // namespace joulery::standin
