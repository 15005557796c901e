// coverage: one virtual run, see trial.h.
#include "coverage/trial.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "coverage/load.h"
#include "joulery/trace.h"
#include "sensor/fake_gpus.h"

namespace joulery::coverage {
namespace {

constexpr double kPoll = 0.1;  // s: the product's default period
// Fields 83 and 191 and the call are the three ways to the counter (NVML API Reference).
constexpr const char* kNoCounter =
    "fault=unsupported:field=191;fault=unsupported:field=83;"
    "fault=unsupported:call=nvmlDeviceGetTotalEnergyConsumption;";

Micros to_us(double seconds) { return Micros(std::llround(seconds * 1e6)); }

std::string make_config(const Plan& plan, double begin, Random& random) {
  std::string config = "gpus=" + std::to_string(plan.boards) + ";model=" + plan.model +
                       ";seed=" + std::to_string(random() >> 1) + ";";
  if (plan.source == Source::kSampledCounter) config += "counter=sampled;";
  if (plan.source == Source::kPower) config += kNoCounter;
  for (int i = 0; i < plan.boards; ++i)
    config += "load." + std::to_string(i) + "=" + draw_load(plan, begin, random) + ";";
  return config;
}

/// A folder of calibration files, removed with it.
class CalibrationFolder {
 public:
  CalibrationFolder() {
    std::string pattern = testing::TempDir() + "joulery_coverage_XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp " + pattern);
    path_ = pattern;
  }
  ~CalibrationFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  CalibrationFolder(const CalibrationFolder&) = delete;
  CalibrationFolder& operator=(const CalibrationFolder&) = delete;

  /// reading = gain x truth + offset, so truth = reading / gain - offset / gain.
  void add(const standin::Gpu& gpu, const CalibrationError& error, Random& random) const {
    std::normal_distribution<double> normal;
    std::ofstream file(path_ + "/" + gpu.uuid() + ".toml");
    file.precision(12);
    file << "gain = " << (1 + error.gain * normal(random)) / gpu.gain()
         << "\nu_gain = " << error.gain
         << "\noffset_w = " << gpu.offset_w() / gpu.gain() + error.offset_w * normal(random)
         << "\nu_offset_w = " << error.offset_w << "\n";
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// Reads what the loop would read at its own period into one trace.
class Recorder {
 public:
  Recorder(FakeGpus& gpus, SensorSet& set, const TraceInfo& info) : gpus_(&gpus) {
    std::vector<Channel> channels;
    for (const auto& sensor : set.sensors) {
      if (sensor->pace().period.count() > 0) continue;
      sensors_.push_back({sensor.get(), channels.size()});
      for (const Channel& channel : sensor->channels()) channels.push_back(channel);
    }
    trace_.emplace(info, channels);
  }

  void read_at(double time) {
    gpus_->set_time(time);
    for (const auto& [sensor, first] : sensors_) {
      samples_.clear();
      if (auto done = sensor->read(samples_); !done) throw std::runtime_error(done.error().message);
      for (Sample& sample : samples_) {
        sample.channel = static_cast<std::uint16_t>(sample.channel + first);
        trace_->add(sample);
      }
    }
  }
  [[nodiscard]] const Trace& trace() const { return *trace_; }

 private:
  FakeGpus* gpus_;
  std::vector<std::pair<Sensor*, std::size_t>> sensors_;
  std::optional<MemoryTrace> trace_;
  std::vector<Sample> samples_;
};

/// As the loop reads: once just before the run, every 100 ms with a little delay, and just after.
void record(Recorder& recorder, double begin, double length, Random& random) {
  const double first = begin - uniform(random, 5e-4, 5e-3);
  recorder.read_at(first);
  for (double time = first + kPoll; time < begin + length; time += kPoll)
    recorder.read_at(time + uniform(random, 0, 1e-3));
  recorder.read_at(begin + length + uniform(random, 1.1e-3, 5e-3));
}

}  // namespace

Outcome run_trial(const Plan& plan, Random& random) {
  TraceInfo info;
  info.begin = Instant(to_us(1003 + uniform(random, 0, 10)));
  info.end = info.begin + to_us(plan.length);
  const double begin = Seconds(info.begin.time_since_epoch()).count();
  const double length = Seconds(info.end - info.begin).count();
  FakeGpus gpus(make_config(plan, begin, random));
  const CalibrationFolder folder;
  for (std::size_t i = 0; plan.calibrated && i < static_cast<std::size_t>(plan.boards); ++i)
    folder.add(gpus.gpu(i), *plan.calibrated, random);

  auto set = gpus.open({.sysroot = {}, .gpus = {}, .calibration_dir = folder.path()});
  if (!set) throw std::runtime_error(set.error().message);
  Recorder recorder(gpus, *set, info);
  record(recorder, begin, length, random);
  auto account = make_account(recorder.trace(), {}, {});
  if (!account) throw std::runtime_error(account.error().message);

  Outcome outcome;
  for (std::size_t i = 0; i < static_cast<std::size_t>(plan.boards); ++i)
    outcome.truth += gpus.gpu(i).energy_j(begin, begin + length);
  outcome.length = length;
  outcome.energy = account->it_energy;
  outcome.account = std::move(*account);
  return outcome;
}

}  // namespace joulery::coverage
