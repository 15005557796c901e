// trace: the sensors that are read at one pace, see lane.h.
#include "trace/lane.h"

#include <fmt/core.h>
#include <pthread.h>
#include <sys/prctl.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <set>
#include <system_error>
#include <utility>

#include "base/clock.h"

namespace joulery {
namespace {

// The pump may wait for a slow disk this long before ticks are lost, as far as 16 MiB go.
constexpr Micros kBuffered{8'000'000};
constexpr std::size_t kMostRoom = (16U << 20) / sizeof(Sample);
// The pump is called early at 512 KiB, so that memory stays small at 1 kHz.
constexpr std::size_t kRingAt = (512U << 10) / sizeof(Sample);
// Choices: between which slow sensors' reads may hold up the end of a job, and a share of the job
// that nobody notices. Lists of the one process on an H100 took 0.9 to 2.4 ms (train.jrun of
// tests/fixtures/machines: twice the half_width_us of foreign_processes): they fit into that.
constexpr Micros kQuickRead{2'000};
constexpr Micros kLongestQuickRead{20'000};
constexpr int kShareOfJob = 1'000;
// The kernel may wake a thread this much late to save a wake-up (50 us unless told otherwise,
// prctl(2)).
constexpr unsigned long kTimerSlackNs = 1'000;

Seconds thread_cpu() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return Seconds(static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec));
}

double seconds(Micros us) { return Seconds(us).count(); }

}  // namespace

Micros quick_read(Micros job) {
  return std::clamp(job / kShareOfJob, kQuickRead, kLongestQuickRead);
}

Lane::Lane(Micros period, std::shared_ptr<Alarm> pump)
    : period_(period), schedule_(Instant{}, period), pump_(std::move(pump)) {}

void Lane::add(std::unique_ptr<Sensor> sensor, std::uint16_t first) {
  slots_.push_back({.sensor = std::move(sensor), .first = first});
}

Result<void> Lane::start(const std::shared_ptr<Lane>& lane, bool now) {
  std::size_t channels = 0;
  for (const Slot& slot : lane->slots_) channels += slot.sensor->channels().size();
  const auto ticks =
      static_cast<std::size_t>(std::max<std::int64_t>(kBuffered / lane->period_, 16));
  lane->room_ = std::min(ticks * channels, std::max(kMostRoom, 2 * channels));
  lane->ring_at_ = std::min(kRingAt, lane->room_ / 2);
  lane->scratch_.reserve(channels);
  lane->filling_.reserve(lane->room_);

  const Instant begin = monotonic_now();
  lane->schedule_ = TickSchedule(begin, lane->period_);
  if (now && lane->begin_read()) {
    lane->read_sensors();
    lane->end_read(begin);
  }
  try {
    lane->thread_ = std::thread([lane] { lane->run(); });
  } catch (const std::system_error& error) {
    return Error{ErrorCode::kTransient,
                 std::string("cannot start a sampling thread: ") + error.what()};
  }
  return {};
}

void Lane::run() {
  ::pthread_setname_np(::pthread_self(), "joulery-sample");
  ::prctl(PR_SET_TIMERSLACK, kTimerSlackNs);
  // Only this thread changes the schedule once it runs.
  while (!alarm_.wait_until(schedule_.deadline())) {
    const Instant woke = monotonic_now();
    if (!begin_read()) break;
    read_sensors();
    end_read(woke);
  }
  const std::lock_guard lock(mutex_);
  cpu_ = thread_cpu();
}

bool Lane::begin_read() {
  const std::lock_guard lock(mutex_);
  if (!finished_) reading_ = true;
  return !finished_;
}

void Lane::end_read(Instant woke) {
  bool ring = false;
  {
    const std::lock_guard lock(mutex_);
    reading_ = false;
    const Instant now = monotonic_now();
    schedule_.serve(woke, now);
    read_times_.add(now - woke);
    longest_read_ = std::max(longest_read_, now - woke);
    const std::size_t before = filling_.size();
    if (!finished_) append_scratch();
    ring = before < ring_at_ && filling_.size() >= ring_at_;
  }
  read_ended_.notify_all();
  if (ring) pump_->ring();
}

void Lane::append_scratch() {
  if (filling_.size() + scratch_.size() > room_)
    ++dropped_;
  else
    filling_.insert(filling_.end(), scratch_.begin(), scratch_.end());
}

void Lane::read_sensors() {
  scratch_.clear();
  for (Slot& slot : slots_)
    if (!slot.lost) read(slot);
}

// What a sensor throws must not end the job: it is a sensor lost.
void Lane::read(Slot& slot) {
  const std::size_t before = scratch_.size();
  try {
    if (const auto done = slot.sensor->read(scratch_); !done) fail(slot, done.error());
  } catch (...) {
    fail(slot, {ErrorCode::kInternal, "unexpected exception"});
  }
  for (std::size_t i = before; i < scratch_.size(); ++i)
    scratch_[i].channel = static_cast<std::uint16_t>(scratch_[i].channel + slot.first);
}

void Lane::fail(Slot& slot, const Error& error) {
  const std::lock_guard lock(mutex_);
  if (error.code == ErrorCode::kTransient) {
    ++failed_;
    last_failure_ = error.message;
    return;
  }
  slot.lost = true;
  std::set<std::string> components;
  for (const Channel& channel : slot.sensor->channels()) components.insert(channel.component);
  for (const std::string& component : components)
    events_.push_back({.time = monotonic_now(),
                       .kind = Event::Kind::kSensorLost,
                       .text = component + ": " + error.message});
}

void Lane::finish(bool always, Instant until) {
  bool hangs = false, last_read = false;
  {
    std::unique_lock lock(mutex_);
    const Micros wait = until - monotonic_now();
    const auto deadline = std::chrono::steady_clock::now() + wait;
    hangs = !read_ended_.wait_until(lock, deadline, [&] { return !reading_; });
    const Micros left = until - monotonic_now();
    last_read = !finished_ && !hangs && (always || longest_read_ < left);
    finished_ = true;
  }
  if (last_read) {
    read_sensors();
    const std::lock_guard lock(mutex_);
    append_scratch();
  }
  alarm_.ring();
  if (!thread_.joinable()) return;
  if (hangs)
    thread_.detach();
  else
    thread_.join();
}

void Lane::take(LaneNews& news) {
  news.samples.clear();
  news.events.clear();
  if (news.samples.capacity() < room_) news.samples.reserve(room_);
  const std::lock_guard lock(mutex_);
  news.samples.swap(filling_);
  news.events.swap(events_);
}

void Lane::summarize(std::vector<Event>& events) {
  const std::lock_guard lock(mutex_);
  const TickCounts& now = schedule_.counts();
  const auto say = [&](Event::Kind kind, std::string text) {
    events.push_back({.time = monotonic_now(), .kind = kind, .text = std::move(text)});
  };
  if (now.late > told_.late)
    say(Event::Kind::kLateTick,
        fmt::format("{} ticks of the {} s loop were late, the worst so far by {} s",
                    now.late - told_.late, seconds(period_), seconds(now.worst_delay)));
  const std::uint64_t lost = now.lost + dropped_;
  if (lost > told_.lost)
    say(Event::Kind::kLostTick,
        fmt::format("{} ticks of the {} s loop were lost", lost - told_.lost, seconds(period_)));
  if (failed_ > 0)
    say(Event::Kind::kReadFailed,
        fmt::format("{} reads failed, the last: {}", failed_, last_failure_));
  told_ = now;
  told_.lost = lost;
  failed_ = 0;
}

LoopStats Lane::stats() const {
  const std::lock_guard lock(mutex_);
  const TickCounts& counts = schedule_.counts();
  return {.ticks = counts.ticks - dropped_,
          .late = counts.late,
          .lost = counts.lost + dropped_,
          .cpu = cpu_,
          .read_p50 = read_times_.quantile(0.5),
          .read_p99 = read_times_.quantile(0.99)};
}

}  // namespace joulery
