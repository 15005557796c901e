// control: a machine for tests of sweeps: devices with limits, a job that slows under them, a store
// in memory, and a clock that moves with the job alone.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "joulery/control.h"

namespace joulery {

/// What one run does at a limit, and what happens meanwhile.
struct FakeRun {
  double time_s = 10;
  double power_w = 200;  ///< of each device
  double throttle_share = 0;
  int exit_status = 0;
  int marks = 0;
  std::vector<Survivor> survivors{};
  std::optional<int> interrupt{};
  std::function<void()> meanwhile{};  ///< between the run's begin and its end
  std::optional<Error> start_failure{};
};

class FakeMachine {
 public:
  explicit FakeMachine(int devices = 1) {
    for (int i = 0; i < devices; ++i) {
      CapDevice device;
      device.id = "gpu/GPU-" + std::to_string(i) + "/board";
      device.least = Watts(100);
      device.most = device.default_limit = Watts(250);
      device.requested = device.enforced = Watts(250);
      found.push_back(device);
      limits.push_back(250);
    }
  }

  /// Decides what a run does, from the limit of the first device and how many ran before.
  std::function<FakeRun(double cap, int number)> job = [](double, int) { return FakeRun{}; };
  double idle_power_w = 50;
  std::vector<CapDevice> found;
  std::vector<double> limits;  ///< requested now
  double now_s = 0;
  int runs = 0;
  double other_power_w = 0;  ///< of a CPU package; 0: it has no sensor
  bool other_is_modelled = false;
  bool lost = false;             ///< the first device cannot be read any more
  std::vector<std::string> log;  ///< "take", "set 150", "run 150", "release", ...
};

class FakeLease : public CapLease {
 public:
  FakeLease(FakeMachine& machine, std::vector<CapDevice> found)
      : machine_(machine), found_(std::move(found)), asked_(found_.size()) {
    for (std::size_t i = 0; i < found_.size(); ++i) asked_[i] = machine_.limits[i];
  }
  ~FakeLease() override { (void)release(); }
  const std::vector<CapDevice>& found() const override { return found_; }
  Result<void> set(const std::string& device, Watts cap) override {
    const std::size_t i = index(device);
    if (machine_.lost) return Error{ErrorCode::kGone, device + ": the GPU is lost"};
    if (foreign_[i] || machine_.limits[i] != asked_[i])
      return Error{ErrorCode::kInvalid, device + ": somebody else set a limit"};
    machine_.limits[i] = asked_[i] = cap.count();
    machine_.log.push_back("set " + std::to_string(std::lround(cap.count())));
    return {};
  }
  Result<void> set_found(const std::string& device) override {
    return set(device, found_[index(device)].requested.value_or(Watts(0)));
  }
  std::vector<CapWatch> check() override {
    std::vector<CapWatch> seen;
    for (std::size_t i = 0; i < found_.size(); ++i) {
      CapWatch watch;
      watch.device = found_[i].id;
      watch.asked = Watts(asked_[i]);
      watch.requested = watch.enforced = Watts(machine_.limits[i]);
      foreign_[i] = foreign_[i] || machine_.limits[i] != asked_[i];
      if (foreign_[i]) watch.state = CapWatch::State::kForeign;
      if (machine_.lost && i == 0) watch.state = CapWatch::State::kGone;
      seen.push_back(watch);
    }
    return seen;
  }
  Result<void> release() override {
    if (released_) return {};
    released_ = true;
    for (std::size_t i = 0; i < found_.size(); ++i)
      if (!foreign_[i]) machine_.limits[i] = found_[i].requested->count();
    machine_.log.emplace_back("release");
    return {};
  }

 private:
  std::size_t index(const std::string& device) const {
    for (std::size_t i = 0; i < found_.size(); ++i)
      if (found_[i].id == device) return i;
    return 0;
  }
  FakeMachine& machine_;
  std::vector<CapDevice> found_;
  std::vector<double> asked_;
  std::map<std::size_t, bool> foreign_;
  bool released_ = false;
};

class FakeCaps : public CapControl {
 public:
  explicit FakeCaps(FakeMachine& machine) : machine_(machine) {}
  std::vector<CapDevice> list() override { return machine_.found; }
  Result<std::unique_ptr<CapLease>> take(const std::vector<std::string>&,
                                         std::optional<Seconds>) override {
    if (denied) return Error{ErrorCode::kDenied, "no right to set limits"};
    machine_.log.emplace_back("take");
    return std::unique_ptr<CapLease>(std::make_unique<FakeLease>(machine_, machine_.found));
  }
  std::vector<GivenBack> recover() override { return {}; }
  Result<void> set_detached(const std::vector<CapWish>&, Seconds) override { return {}; }
  Result<std::vector<GivenBack>> end_detached(const std::vector<std::string>&) override {
    return std::vector<GivenBack>{};
  }

  bool denied = false;

 private:
  FakeMachine& machine_;
};

/// Energy counters, temperature, clock and throttling of each device, sampled at both ends.
class FakeSession : public Session {
 public:
  explicit FakeSession(FakeMachine& machine) : machine_(machine) {
    for (const CapDevice& device : machine.found) {
      add(device.id, "energy", Measure::kEnergy);
      channels_.back().rule = Rule::kCounter;
      channels_.back().accuracy.gain_u = 0.05;
      add(device.id, "temperature", Measure::kTemperature);
      add(device.id, "sm_clock", Measure::kClock);
      add(device.id, "throttle_power", Measure::kThrottleTime);
    }
    if (machine.other_power_w > 0) {
      add("cpu/0/package", "energy", Measure::kEnergy);
      channels_.back().rule = Rule::kCounter;
      channels_.back().kind = ComponentKind::kCpu;
      if (machine.other_is_modelled) channels_.back().evidence = Evidence::kModelled;
    }
    info_.begin = info_.end = now();
    info_.complete = false;
  }
  std::span<const Channel> channels() const override { return channels_; }
  const std::vector<ChannelReport>& reports() const override { return reports_; }
  const TraceInfo& start_info() const override { return info_; }

  Result<Outcome> run(const std::vector<std::string>&, const std::string&,
                      std::vector<SampleSink*> sinks) override {
    const double cap = machine_.limits[0];
    const FakeRun made = machine_.job(cap, machine_.runs++);
    machine_.log.push_back("run " + std::to_string(std::lround(cap)));
    Outcome outcome;
    outcome.start_failure = made.start_failure;
    info_.begin = now();
    sample(FakeRun{.time_s = 0}, sinks);
    for (int i = 0; i < made.marks; ++i)
      for (SampleSink* sink : sinks)
        sink->note({.time = now(), .kind = Event::Kind::kMark, .text = "step"});
    machine_.now_s += made.time_s / 2;
    if (made.meanwhile) made.meanwhile();
    for (SampleSink* sink : sinks) sink->accept({});
    machine_.now_s += made.time_s / 2;
    sample(made, sinks);
    info_.end = now();
    info_.complete = true;
    outcome.info = info_;
    outcome.exit_status = outcome.exit_code = made.exit_status;
    outcome.survivors = made.survivors;
    outcome.interrupt = made.interrupt;
    return outcome;
  }
  Result<std::optional<int>> rest(Seconds, const std::function<bool()>& enough,
                                  std::vector<SampleSink*> sinks) override {
    const FakeRun idle{.time_s = 1, .power_w = machine_.idle_power_w};
    sample(FakeRun{.time_s = 0}, sinks);
    machine_.now_s += 1;
    sample(idle, sinks);
    machine_.log.emplace_back(enough ? (enough() ? "cool" : "still warm") : "idle");
    // The end brings samples of a moment, which may be far from the mean: three times of it here.
    machine_.now_s += 0.01;
    sample(FakeRun{.time_s = 1.03, .power_w = machine_.idle_power_w}, sinks);
    return std::optional<int>();
  }

 private:
  Instant now() const { return Instant(Micros(std::llround(machine_.now_s * 1e6))); }
  void add(const std::string& component, const std::string& name, Measure measure) {
    Channel channel;
    channel.id = component + "/" + name;
    channel.component = component;
    channel.kind = ComponentKind::kGpu;
    channel.measure = measure;
    channel.source = "fake";
    channel.resolution = 1e-3;
    channel.group = static_cast<std::uint32_t>(channels_.size());
    channels_.push_back(channel);
  }
  // Counters of this session begin at 0.
  void sample(const FakeRun& run, const std::vector<SampleSink*>& sinks) {
    std::vector<Sample> samples;
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      const Measure measure = channels_[i].measure;
      const bool is_gpu = channels_[i].kind == ComponentKind::kGpu;
      const double power = is_gpu ? run.power_w : machine_.other_power_w;
      const double value = measure == Measure::kEnergy         ? power * run.time_s
                           : measure == Measure::kTemperature  ? 60
                           : measure == Measure::kThrottleTime ? run.throttle_share * run.time_s
                                                               : 1.2e9;
      samples.push_back({.time = now(), .value = value, .channel = static_cast<std::uint16_t>(i)});
    }
    for (SampleSink* sink : sinks) sink->accept(samples);
  }

  FakeMachine& machine_;
  std::vector<Channel> channels_;
  std::vector<ChannelReport> reports_;
  TraceInfo info_;
};

class FakeSeries : public SessionSeries {
 public:
  explicit FakeSeries(FakeMachine& machine) : machine_(machine) {}
  Result<std::unique_ptr<Session>> open(const SessionOptions&) override {
    return std::unique_ptr<Session>(std::make_unique<FakeSession>(machine_));
  }
  std::optional<int> pause(Seconds) override {
    return interrupt_pause_at == ++pauses_ ? std::optional(2) : std::nullopt;
  }

  int interrupt_pause_at = 0;  ///< the n-th pause ends with SIGINT

 private:
  FakeMachine& machine_;
  int pauses_ = 0;
};

/// Runs in memory.
class FakeStore : public SweepStore {
 public:
  struct Kept {
    Job job;
    TraceInfo info;
    std::vector<Channel> channels;
    std::vector<Sample> samples;
  };

  Result<std::unique_ptr<SweepRecord>> begin(const Job& job, const Place&,
                                             std::span<const Channel> channels,
                                             const TraceInfo& start) override {
    if (full) return Error{ErrorCode::kUnavailable, "the disk is full"};
    const std::string id = "run-" + std::to_string(100 + count_++);
    Kept& kept = runs[id];
    kept.job = job;
    kept.job.id = id;
    kept.info = start;
    kept.channels.assign(channels.begin(), channels.end());
    return std::unique_ptr<SweepRecord>(std::make_unique<Record>(id, kept));
  }
  Result<KeptRun> load(const std::string& id) override {
    const Kept& kept = runs.at(id);
    auto trace = std::make_unique<MemoryTrace>(kept.info, kept.channels);
    for (const Sample& sample : kept.samples) trace->add(sample);
    return KeptRun{.job = kept.job, .place = {}, .trace = std::move(trace)};
  }
  Result<void> remove(const std::string& id) override {
    runs.erase(id);
    return {};
  }
  Result<std::vector<KeptTags>> list() override {
    std::vector<KeptTags> all;
    for (const auto& [id, kept] : runs)
      all.push_back({.id = id,
                     .finished = kept.info.complete && kept.job.exit_status == 0,
                     .tags = kept.job.tags});
    std::reverse(all.begin(), all.end());
    return all;
  }

  std::map<std::string, Kept> runs;
  bool full = false;

 private:
  class Record : public SweepRecord, private SampleSink {
   public:
    Record(std::string id, Kept& kept) : id_(std::move(id)), kept_(kept) {}
    const std::string& id() const override { return id_; }
    SampleSink& sink() override { return *this; }
    Result<void> close(const TraceInfo& end, const Job& job) override {
      std::vector<Event> events = std::move(kept_.info.events);
      kept_.info = end;
      kept_.info.events = std::move(events);
      kept_.job = job;
      return {};
    }

   private:
    void accept(std::span<const Sample> samples) override {
      kept_.samples.insert(kept_.samples.end(), samples.begin(), samples.end());
    }
    void note(const Event& event) override { kept_.info.events.push_back(event); }
    std::string id_;
    Kept& kept_;
  };
  int count_ = 0;
};

}  // namespace joulery
