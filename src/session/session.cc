// session: measure one command, see joulery/session.h. One thread starts the command, waits for it,
// passes signals on and takes marks; the sampling loop has its own.
#include "joulery/session.h"

#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <chrono>

#include "base/clock.h"
#include "base/log.h"
#include "hw/file_tree.h"
#include "hw/process.h"
#include "session/exit_status.h"
#include "session/marks.h"
#include "session/signals.h"

namespace joulery {
namespace {

// A choice: within it a signal that reaches this process twice (a terminal and a scheduler) is one.
constexpr Micros kOneSignal{500'000};
// A choice: as long as the search may hold up the command's end. Slow sensors may do so besides,
// for 2 to 20 ms by the length of the run (quick_read() in trace/lane.h).
constexpr Micros kSearchLimit{10'000};

Seconds seconds_of(const timeval& t) { return std::chrono::seconds(t.tv_sec) + Micros(t.tv_usec); }

// Keeps the events of the run for the closing of its record.
class EventList : public SampleSink {
 public:
  void accept(std::span<const Sample>) override {}
  void note(const Event& event) override {
    if (events_.size() < kMost) events_.push_back(event);
  }
  std::vector<Event> take() { return std::move(events_); }

 private:
  static constexpr std::size_t kMost =
      100'000;  // 10 MB: a job that marks without end must not exhaust the node
  std::vector<Event> events_;
};

/// No thread of the loop outlives the sinks that it calls, however run() is left.
class StopAtEnd {
 public:
  explicit StopAtEnd(SamplingLoop& loop) : loop_(loop) {}
  ~StopAtEnd() { loop_.stop(); }
  StopAtEnd(const StopAtEnd&) = delete;
  StopAtEnd& operator=(const StopAtEnd&) = delete;

 private:
  SamplingLoop& loop_;
};

/// How the command ended, as the kernel told it.
struct Ending {
  std::optional<int> status;  ///< as wait(2) has it; empty where somebody else took it
  rusage usage{};
  Instant time;
};

/// What this process had before it measured: shared by the sessions of a series.
struct Stage {
  Inheritance inherit;
  SignalQueue signals;
};

Result<std::shared_ptr<Stage>> set_stage() {
  Inheritance inherit = Inheritance::take();
  JOULERY_TRY(SignalQueue signals, SignalQueue::open());
  return std::shared_ptr<Stage>(new Stage{std::move(inherit), std::move(signals)});
}

std::optional<int> first_ending(std::uint64_t signals) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT})
    if ((signals >> static_cast<unsigned>(number - 1) & 1U) != 0 && ends_a_program(number))
      return number;
  return std::nullopt;
}

/// Waits for `length`, or until `enough` says so; returns the signal that ended it early.
std::optional<int> wait_idle(SignalQueue& signals, Micros length,
                             const std::function<bool()>& enough) {
  const Instant begin = monotonic_now();
  const Micros longest = enough ? Micros(50'000) : Micros(std::chrono::hours(1));
  for (Micros left = length; left > Micros(0); left = begin + length - monotonic_now()) {
    pollfd queue{signals.fd(), POLLIN, 0};
    const auto whole = std::chrono::ceil<std::chrono::milliseconds>(std::min(left, longest));
    ::poll(&queue, 1, static_cast<int>(whole.count()));
    while (const auto caught = signals.next())
      if (ends_a_program(caught->number)) return caught->number;
    if (enough && enough()) break;
  }
  return std::nullopt;
}

Seconds cpu_time(const Ending& ending) {
  return seconds_of(ending.usage.ru_utime) + seconds_of(ending.usage.ru_stime);
}

void describe(const Ending& ending, Outcome& outcome) {
  if (!ending.status) return;
  if (WIFSIGNALED(*ending.status)) outcome.signal = WTERMSIG(*ending.status);
  if (WIFEXITED(*ending.status)) outcome.exit_status = WEXITSTATUS(*ending.status);
  outcome.exit_code = exit_code_of_end(*ending.status);
}

class MeasuredCommand : public Session {
 public:
  MeasuredCommand(const SessionOptions& options, std::shared_ptr<Stage> stage, SensorSet sensors,
                  std::unique_ptr<SamplingLoop> loop)
      : files_(open_file_tree(options.sensors.sysroot)),
        idle_(std::chrono::ceil<Micros>(options.idle)),
        insists_(options.insists),
        stage_(std::move(stage)),
        reports_(std::move(sensors.reports)),
        loop_(std::move(loop)) {
    info_.period = options.period;
    info_.begin = monotonic_now() + idle_;
    info_.end = info_.begin;
    info_.wall_begin = wall_now() + idle_;
    info_.complete = false;
    if (idle_ > Micros(0)) info_.idle_begin = monotonic_now();
  }

  std::span<const Channel> channels() const override { return loop_->channels(); }
  const std::vector<ChannelReport>& reports() const override { return reports_; }
  const TraceInfo& start_info() const override { return info_; }
  Result<Outcome> run(const std::vector<std::string>& command, const std::string& run_id,
                      std::vector<SampleSink*> sinks) override;
  Result<std::optional<int>> rest(Seconds most, const std::function<bool()>& enough,
                                  std::vector<SampleSink*> sinks) override;

 private:
  std::optional<int> stay_idle();
  Result<pid_t> start(const std::vector<std::string>& command, const std::string& run_id);
  Ending wait_for(pid_t child);
  void insist(std::uint64_t came, pid_t child);
  void take_marks();
  Outcome not_started(int exit_code, Error why, EventList& events);
  Outcome close(EventList& events);
  void find_survivors(const std::string& run_id, Outcome& outcome);

  std::unique_ptr<FileTree> files_;
  Micros idle_;
  bool insists_;
  std::optional<Instant> first_ending_;  // when the first signal that ends a program came
  std::shared_ptr<Stage> stage_;
  std::vector<ChannelReport> reports_;
  std::unique_ptr<SamplingLoop> loop_;
  std::optional<MarkSocket> marks_;
  std::optional<Forwarder> forwarder_;
  std::uint64_t from_elsewhere_ = 0;  // signals, bit n - 1 for signal n
  TraceInfo info_;
};

Result<Outcome> MeasuredCommand::run(const std::vector<std::string>& command,
                                     const std::string& run_id, std::vector<SampleSink*> sinks) {
  EventList events;
  sinks.push_back(&events);
  const StopAtEnd stop_at_end(*loop_);
  JOULERY_CHECK(loop_->start(sinks));
  if (const auto signal = stay_idle())
    return not_started(kSignalBase + *signal,
                       Error{ErrorCode::kGone, "ended by a signal before the command began"},
                       events);

  const Result<Seconds> busy_before = read_busy_time(*files_);
  const auto child = start(command, run_id);
  if (!child) return not_started(exit_code_of_start(child.error()), child.error(), events);
  const Ending ending = wait_for(*child);
  const Result<Seconds> busy_after = read_busy_time(*files_);

  info_.end = ending.time;
  Outcome outcome = close(events);
  describe(ending, outcome);
  outcome.interrupt = first_ending(from_elsewhere_);
  // The machine's clock ticks in 10 ms, the job's in 1 us: the whole is never less than its part.
  if (busy_before && busy_after)
    outcome.cpu_use =
        CpuUse{cpu_time(ending), std::max(*busy_after - *busy_before, cpu_time(ending))};
  find_survivors(run_id, outcome);
  return outcome;
}

// The signal that ended the stretch early, if one did: there is no command yet that could decide
// about it.
std::optional<int> MeasuredCommand::stay_idle() {
  if (idle_ <= Micros(0)) return std::nullopt;
  info_.idle_begin = monotonic_now();
  return wait_idle(stage_->signals, idle_, {});
}

Result<std::optional<int>> MeasuredCommand::rest(Seconds most, const std::function<bool()>& enough,
                                                 std::vector<SampleSink*> sinks) {
  const StopAtEnd stop_at_end(*loop_);
  JOULERY_CHECK(loop_->start(std::move(sinks)));
  return wait_idle(stage_->signals, std::chrono::ceil<Micros>(most), enough);
}

Result<pid_t> MeasuredCommand::start(const std::vector<std::string>& command,
                                     const std::string& run_id) {
  std::vector<std::string> added{std::string(kRunIdVariable) + "=" + run_id};
  if (auto opened = MarkSocket::open()) {
    marks_.emplace(std::move(*opened));
    added.push_back(std::string(kMarkVariable) + "=" + marks_->path());
  } else {
    loop_->note(Event{monotonic_now(), Event::Kind::kNote, "no marks: " + opened.error().message});
  }
  const auto environment = make_environment(added, {kMarkVariable});
  info_.begin = monotonic_now();
  info_.wall_begin = wall_now();
  auto child = start_process(command, environment, stage_->inherit);
  forwarder_.emplace();  // its fork delays nobody any more
  return child;
}

/// Whether the command is over, or somebody else has taken its status. It keeps its id.
bool is_over(pid_t child) {
  siginfo_t info{};
  const int asked = ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT);
  return asked == 0 ? info.si_pid == child : errno != EINTR;
}

std::optional<Ending> take_ending(pid_t child, Instant time) {
  Ending ending{.status = {}, .usage = {}, .time = time};
  int status = 0;
  const pid_t ended = ::wait4(child, &status, WNOHANG, &ending.usage);
  if (ended == child) ending.status = status;
  if (ended == child || (ended < 0 && errno != EINTR)) return ending;
  return std::nullopt;
}

// SIGCHLD stays pending until it is read, and only this thread waits for the command: its id cannot
// be somebody else's. Passing on takes up to 10 ms, in which the command may end: so its end is
// looked for before, which stamps it, and after, which misses none.
Ending MeasuredCommand::wait_for(pid_t child) {
  for (;;) {
    std::array<pollfd, 2> sources{
        {{stage_->signals.fd(), POLLIN, 0}, {marks_ ? marks_->fd() : -1, POLLIN, 0}}};
    ::poll(sources.data(), sources.size(), -1);
    // Passing a signal on can take 10 ms, and the command may end meanwhile.
    const Instant woke = monotonic_now();
    const bool over = is_over(child);
    const std::uint64_t came = forwarder_->pass_on(stage_->signals, child);
    from_elsewhere_ |= came;
    if (insists_ && !over) insist(came, child);
    take_marks();
    if (const auto ending = take_ending(child, over ? woke : monotonic_now())) return *ending;
  }
}

// The command is still this process's child, so its id is its own.
void MeasuredCommand::insist(std::uint64_t came, pid_t child) {
  if (!first_ending(came)) return;
  const Instant now = monotonic_now();
  if (!first_ending_) first_ending_ = now;
  if (now - *first_ending_ >= kOneSignal) ::kill(child, SIGKILL);
}

void MeasuredCommand::take_marks() {
  constexpr int kMostAtOnce = 1024;  // twice what a queue holds (net.unix.max_dgram_qlen), so that
                                     // a flood of marks cannot hide the end of the command
  for (int i = 0; marks_ && i < kMostAtOnce; ++i) {
    auto mark = marks_->next(info_.begin);
    if (!mark) return;
    loop_->note(Event{mark->time, Event::Kind::kMark, std::move(mark->name)});
  }
}

// Stopping first reads the counters once more, as near to the command's end as can be.
Outcome MeasuredCommand::close(EventList& events) {
  info_.loop = loop_->stop();
  info_.complete = true;
  info_.events = events.take();
  marks_.reset();
  forwarder_.reset();
  Outcome outcome;
  outcome.info = info_;
  return outcome;
}

void MeasuredCommand::find_survivors(const std::string& run_id, Outcome& outcome) {
  const ProcessSearch search =
      find_processes_with(std::string(kRunIdVariable) + "=" + run_id, kSearchLimit);
  for (const ProcessName& process : search.found)
    outcome.survivors.push_back({process.pid, process.name});
  if (!search.complete)
    outcome.info.events.push_back(
        {monotonic_now(), Event::Kind::kNote, "survivors: the search was cut short after 10 ms"});
}

Outcome MeasuredCommand::not_started(int exit_code, Error why, EventList& events) {
  info_.end = monotonic_now();
  Outcome outcome = close(events);
  outcome.exit_code = exit_code;
  outcome.start_failure = std::move(why);
  return outcome;
}

// A list that a scheduler wrote may count the node's devices while this job sees but its own: then
// all of them are its.
Result<SensorSet> open_chosen_sensors(SensorOptions options) {
  auto opened = open_sensors(options);
  const bool chosen_by_user = options.gpus.origin == "--gpus" || options.gpus.devices.empty();
  if (opened || chosen_by_user || opened.error().code != ErrorCode::kInvalid) return opened;
  log_warning(
      options.gpus.origin +
      " names a GPU that is not here, so all visible ones are measured: " + opened.error().message);
  options.gpus = GpuSelection{};
  return open_sensors(options);
}

Result<std::unique_ptr<Session>> open_on(const std::shared_ptr<Stage>& stage,
                                         const SessionOptions& options) {
  JOULERY_TRY(SensorSet sensors, open_chosen_sensors(options.sensors));
  JOULERY_TRY(auto loop, make_sampling_loop(std::move(sensors.sensors),
                                            LoopOptions{.period = options.period}));
  return std::unique_ptr<Session>(
      std::make_unique<MeasuredCommand>(options, stage, std::move(sensors), std::move(loop)));
}

class Series : public SessionSeries {
 public:
  explicit Series(std::shared_ptr<Stage> stage) : stage_(std::move(stage)) {}
  Result<std::unique_ptr<Session>> open(const SessionOptions& options) override {
    return open_on(stage_, options);
  }
  std::optional<int> pause(Seconds time) override {
    return wait_idle(stage_->signals, std::chrono::ceil<Micros>(time), {});
  }

 private:
  std::shared_ptr<Stage> stage_;
};

}  // namespace

Result<std::unique_ptr<Session>> open_session(const SessionOptions& options) {
  JOULERY_TRY(const auto stage, set_stage());
  return open_on(stage, options);
}

Result<std::unique_ptr<SessionSeries>> open_session_series() {
  JOULERY_TRY(auto stage, set_stage());
  return std::unique_ptr<SessionSeries>(std::make_unique<Series>(std::move(stage)));
}

}  // namespace joulery
