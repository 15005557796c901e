// trace: reads sensors at absolute deadlines and hands their samples to sinks, see joulery/trace.h.
#include <fmt/core.h>
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <ctime>
#include <map>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "trace/clock_watch.h"
#include "trace/lane.h"

namespace joulery {
namespace {

constexpr Seconds kShortestPeriod{1e-3};
constexpr Seconds kLongestPeriod{3600};
constexpr std::size_t kMostChannels = 0xfffe;  // what a record counts, docs/formats/record.md
// Sinks are called this often: with the last tick and the write, a kill loses less than a second.
constexpr Micros kFlushEvery{750'000};
// Late ticks and failed reads are told in summaries, so that a sick sensor does not fill the
// record.
constexpr Micros kSummaryEvery{10'000'000};

/// The threads of a library must not take the signals that its program waits for.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &found_);
  }
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &found_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t found_{};
};

// 0: the loop's own period.
Micros lane_period(const Pace& pace, Seconds loop) {
  const bool too_slow = pace.longest > Seconds(0) && loop > pace.longest;
  const Seconds own = pace.period > Seconds(0) ? pace.period : too_slow ? pace.longest : Seconds(0);
  return std::chrono::duration_cast<Micros>(own);
}

class Loop : public SamplingLoop {
 public:
  explicit Loop(const LoopOptions& options)
      : period_(options.period), patience_(options.patience) {}
  ~Loop() override { stop(); }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void add(std::unique_ptr<Sensor> sensor);
  std::span<const Channel> channels() const override { return channels_; }
  Result<void> start(std::vector<SampleSink*> sinks) override;
  void note(Event event) override {
    const std::lock_guard lock(notes_mutex_);
    notes_.push_back(std::move(event));
  }
  LoopStats stop() override;

 private:
  void finish_lanes();
  void pump();
  void flush();
  void take_news(Lane& lane);
  void hand_over();
  void take_notes();
  LoopStats stats() const;

  const Seconds period_, patience_;
  std::vector<Channel> channels_;
  std::uint32_t groups_ = 0;
  std::map<Micros, std::shared_ptr<Lane>> lanes_;  // by period; 0 is the loop's own
  std::vector<SampleSink*> sinks_;

  std::shared_ptr<Alarm> alarm_ = std::make_shared<Alarm>();
  std::atomic<bool> stopping_{false};
  std::thread pump_;
  bool started_ = false;
  Instant begin_;
  Seconds pump_cpu_{0};

  std::mutex notes_mutex_;
  std::vector<Event> notes_;

  // Of whoever flushes: the pump, and once that has ended, stop().
  LaneNews news_, more_;
  std::vector<Event> events_;
  ClockWatch clock_watch_;
  Instant next_summary_;
};

// Groups are numbered within a sensor; a trace needs them apart.
void Loop::add(std::unique_ptr<Sensor> sensor) {
  const auto first = static_cast<std::uint16_t>(channels_.size());
  std::map<std::uint32_t, std::uint32_t> group;
  for (const Channel& channel : sensor->channels()) {
    channels_.push_back(channel);
    const auto [place, fresh] = group.try_emplace(channel.group, groups_);
    if (fresh) ++groups_;
    channels_.back().group = place->second;
  }
  const Micros own = lane_period(sensor->pace(), period_);
  auto& lane = lanes_[own];
  const Micros period = own > Micros(0) ? own : std::chrono::round<Micros>(period_);
  if (!lane) lane = std::make_shared<Lane>(period, alarm_);
  lane->add(std::move(sensor), first);
}

Result<void> Loop::start(std::vector<SampleSink*> sinks) {
  const SignalsBlocked blocked;
  sinks_ = std::move(sinks);
  started_ = true;
  begin_ = monotonic_now();
  clock_watch_.look(begin_, wall_now());
  next_summary_ = begin_ + kSummaryEvery;
  for (const auto& [own, lane] : lanes_) JOULERY_CHECK(Lane::start(lane, own == Micros(0)));
  try {
    pump_ = std::thread([this] { pump(); });
  } catch (const std::system_error& error) {
    return Error{ErrorCode::kTransient, std::string("cannot start a thread: ") + error.what()};
  }
  return {};
}

void Loop::pump() {
  ::pthread_setname_np(::pthread_self(), "joulery-pump");
  Instant next = monotonic_now() + kFlushEvery;
  while (!stopping_) {
    alarm_->wait_until(next);
    if (stopping_) break;
    flush();
    next = monotonic_now() + kFlushEvery;
  }
  timespec cpu{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
  pump_cpu_ = Seconds(static_cast<double>(cpu.tv_sec) + 1e-9 * static_cast<double>(cpu.tv_nsec));
}

// A sink that throws must not end the job, nor keep the others from their samples.
template <class Call>
void guarded(const Call& call) {
  try {
    call();
  } catch (const std::exception& error) {
    log_warning(std::string("samples were not taken: ") + error.what());
  }
}

void Loop::flush() {
  events_.clear();
  if (auto step = clock_watch_.look(monotonic_now(), wall_now()))
    events_.push_back(std::move(*step));
  if (monotonic_now() >= next_summary_ || stopping_) {
    for (const auto& [own, lane] : lanes_) lane->summarize(events_);
    next_summary_ = monotonic_now() + kSummaryEvery;
  }
  take_notes();
  news_.samples.clear();
  for (const auto& [own, lane] : lanes_) take_news(*lane);
  hand_over();
}

// The first lane has most samples: its buffer is taken as it is, the others' are put behind.
void Loop::take_news(Lane& lane) {
  LaneNews& news = news_.samples.empty() ? news_ : more_;
  lane.take(news);
  std::move(news.events.begin(), news.events.end(), std::back_inserter(events_));
  if (&news == &more_)
    news_.samples.insert(news_.samples.end(), more_.samples.begin(), more_.samples.end());
}

void Loop::take_notes() {
  const std::lock_guard lock(notes_mutex_);
  std::move(notes_.begin(), notes_.end(), std::back_inserter(events_));
  notes_.clear();
}

// Every sink's accept() is called, even for nothing: there it writes down what note() gave it.
void Loop::hand_over() {
  for (SampleSink* sink : sinks_)
    guarded([&] {
      for (const Event& event : events_) sink->note(event);
      sink->accept(news_.samples);
    });
}

// The loop's own lane is the first. The others share one deadline, which begins behind it: its last
// reading closes the window, and theirs may not hold up the job's end. The seldomest is served
// first: it lacks the most, and is least often in a read.
void Loop::finish_lanes() {
  const auto patience = std::chrono::duration_cast<Micros>(patience_);
  const Instant now = monotonic_now();
  if (const auto main = lanes_.find(Micros(0)); main != lanes_.end())
    main->second->finish(true, now + patience);
  const Instant until = monotonic_now() + std::min(patience, quick_read(now - begin_));
  for (auto at = lanes_.rbegin(); at != lanes_.rend(); ++at)
    if (at->first != Micros(0)) at->second->finish(false, until);
}

LoopStats Loop::stop() {
  if (!started_) return stats();
  started_ = false;
  finish_lanes();
  stopping_ = true;
  alarm_->ring();
  if (pump_.joinable()) pump_.join();
  flush();
  return stats();
}

// Ticks are those of the loop's own period, or where no sensor has that, of all; CPU time is
// everybody's.
LoopStats Loop::stats() const {
  LoopStats all{.cpu = pump_cpu_};
  for (const auto& [own, lane] : lanes_) {
    const LoopStats stats = lane->stats();
    all.cpu += stats.cpu;
    if (own != Micros(0) && lanes_.begin()->first == Micros(0)) continue;
    all.ticks += stats.ticks;
    all.late += stats.late;
    all.lost += stats.lost;
    all.read_p50 = std::max(all.read_p50, stats.read_p50);
    all.read_p99 = std::max(all.read_p99, stats.read_p99);
  }
  return all;
}

}  // namespace

Result<std::unique_ptr<SamplingLoop>> make_sampling_loop(
    std::vector<std::unique_ptr<Sensor>> sensors, const LoopOptions& options) {
  if (!(options.period >= kShortestPeriod && options.period <= kLongestPeriod))
    return Error{ErrorCode::kUsage,
                 fmt::format("a sampling period of {} s: it must be from 1ms to 1h",
                             options.period.count())};
  std::size_t channels = 0;
  for (const auto& sensor : sensors) channels += sensor->channels().size();
  if (channels > kMostChannels)
    return Error{ErrorCode::kInvalid,
                 fmt::format("{} channels: at most {} are read", channels, kMostChannels)};
  auto loop = std::make_unique<Loop>(options);
  for (auto& sensor : sensors) loop->add(std::move(sensor));
  return std::unique_ptr<SamplingLoop>(std::move(loop));
}

}  // namespace joulery
