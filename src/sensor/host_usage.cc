// sensor: reads /proc/stat and /proc/meminfo once a tick for all that is made from them.
#include "sensor/host_usage.h"

#include <algorithm>
#include <utility>

#include "sensor/power_models.h"
#include "sensor/rapl.h"
#include "sensor/stamp.h"

namespace joulery {
namespace {

// /proc/stat counts in steps of 10 ms: a shorter window would show loads of 0 and 1 alone, which
// the concave model turns into too little power.
constexpr Seconds kShortestWindow{0.02};

enum class Reading : std::uint8_t { kUtilization, kCpuTime, kCpuPower, kMemoryUsed, kDramPower };

class HostUsageSensor final : public Sensor {
 public:
  HostUsageSensor(std::unique_ptr<KernelFile> stat, std::unique_ptr<KernelFile> memory,
                  std::function<Instant()> now)
      : stat_(std::move(stat)), memory_(std::move(memory)), now_(std::move(now)) {}

  void add(Reading reading, Channel channel) {
    readings_.push_back(reading);
    channels_.push_back(std::move(channel));
  }
  void set_tdp(Watts tdp) { tdp_ = tdp; }
  void set_dram_power(Watts power) { dram_power_ = power; }

  std::span<const Channel> channels() const override { return channels_; }

  Result<void> read(std::vector<Sample>& out) override {
    const std::size_t before = out.size();
    ReadFailures failures;
    read_times(out, failures);
    read_memory(out, failures);
    return failures.result(out.size() > before);
  }

 private:
  void read_times(std::vector<Sample>& out, ReadFailures& failures) {
    if (!stat_) return;
    const Instant begin = now_();
    auto content = stat_->read();
    const Instant end = now_();
    if (!content) return failures.add(std::move(content).error());
    const auto times = parse_cpu_times(*content);
    if (!times) return;
    add_sample(out, Reading::kCpuTime, times->busy, begin, end);
    const auto load = load_until(*times, end);
    if (!load) return;
    add_sample(out, Reading::kUtilization, 100 * *load, begin, end);
    add_sample(out, Reading::kCpuPower, cpu_model_power(*load, tdp_).count(), begin, end);
  }

  void read_memory(std::vector<Sample>& out, ReadFailures& failures) {
    if (!memory_) return;
    const Instant begin = now_();
    auto content = memory_->read();
    const Instant end = now_();
    if (!content) return failures.add(std::move(content).error());
    const auto memory = parse_memory_use(*content);
    if (!memory) return;
    add_sample(out, Reading::kMemoryUsed, static_cast<double>(memory->used), begin, end);
    add_sample(out, Reading::kDramPower, dram_power_.count(), begin, end);
  }

  /// Mean since the last one that was given; the first is since the machine started, so that there
  /// is one to count the next from.
  std::optional<double> load_until(const CpuTimes& times, Instant time) {
    const bool too_short = window_begin_ && time - *window_begin_ < kShortestWindow;
    const double total = times.total - last_.total;
    if (too_short || total <= 0) return std::nullopt;
    const double load = std::clamp((times.busy - last_.busy) / total, 0.0, 1.0);
    last_ = times;
    window_begin_ = time;
    return load;
  }

  void add_sample(std::vector<Sample>& out, Reading reading, double value, Instant begin,
                  Instant end) {
    const auto found = std::find(readings_.begin(), readings_.end(), reading);
    if (found == readings_.end()) return;
    out.push_back(stamped(begin, end, value, static_cast<std::size_t>(found - readings_.begin())));
  }

  std::unique_ptr<KernelFile> stat_;
  std::unique_ptr<KernelFile> memory_;
  std::function<Instant()> now_;
  std::vector<Reading> readings_;  ///< in the order of channels_
  std::vector<Channel> channels_;
  Watts tdp_{};
  Watts dram_power_{};
  CpuTimes last_;
  std::optional<Instant> window_begin_;
};

struct About {
  const char* component;
  const char* name;
  ComponentKind kind;
  Measure measure;
  double resolution;
  const char* source;
};
constexpr About kUtilizationAbout{
    "cpu/all", "utilization", ComponentKind::kCpu, Measure::kUtilization, 0.01, "proc-stat"};
constexpr About kCpuTimeAbout{"cpu/all",         "busy_time", ComponentKind::kCpu,
                              Measure::kCpuTime, 0.01,        "proc-stat"};
constexpr About kMemoryAbout{"dram/all",           "used", ComponentKind::kDram,
                             Measure::kMemoryUsed, 1024,   "proc-meminfo"};
constexpr About kCpuModelAbout{"cpu/model",     "power", ComponentKind::kCpu,
                               Measure::kPower, 0.01,    "cpu-model"};
constexpr About kDramModelAbout{"dram/model",    "power", ComponentKind::kDram,
                                Measure::kPower, 0.01,    "dram-model"};

Channel make_channel(const About& about, const CpuInfo& cpu) {
  Channel channel;
  channel.component = about.component;
  channel.id = channel.component + "/" + about.name;
  channel.kind = about.kind;
  channel.measure = about.measure;
  channel.source = about.source;
  channel.resolution = about.resolution;
  if (about.kind == ComponentKind::kCpu) channel.model = cpu.model;
  return channel;
}

Channel make_model_channel(const About& about, const CpuInfo& cpu, Accuracy accuracy,
                           const SensorSet& set) {
  Channel channel = make_channel(about, cpu);
  channel.rule = Rule::kWindowAverage;
  channel.evidence = Evidence::kModelled;
  channel.update_period = kShortestWindow;
  channel.accuracy = std::move(accuracy);
  // A counter of the whole platform has the CPUs and memory in it; so has one of NVIDIA's modules
  // of a processor and a GPU (of several, the models' one channel can name the first only).
  const std::string module = energy_component_ending(set, "/module");
  if (!module.empty()) channel.part_of = module;
  if (has_energy(set, "node/psys")) channel.part_of = "node/psys";
  return channel;
}

void report(SensorSet& set, const About& about, ChannelStatus status, std::string why,
            std::string advice = {}) {
  set.reports.push_back(ChannelReport{.id = about.component,
                                      .kind = about.kind,
                                      .source = about.source,
                                      .status = status,
                                      .why = std::move(why),
                                      .advice = std::move(advice)});
}

/// Opens a file of /proc, or reports why not.
std::unique_ptr<KernelFile> open_proc(const Machine& machine, const std::string& path,
                                      const About& about, SensorSet& set) {
  auto file = machine.files->open(path);
  if (file) return std::move(*file);
  const bool denied = file.error().code == ErrorCode::kDenied;
  report(set, about, denied ? ChannelStatus::kDenied : ChannelStatus::kUnavailable,
         file.error().message);
  return nullptr;
}

/// Whether the model is wanted; if not, says why.
bool wants_model(const SensorOptions& options, const About& about, SensorSet& set) {
  if (has_energy(set, about.kind)) {
    report(set, about, ChannelStatus::kUnavailable, "not needed: a sensor gives this energy");
    return false;
  }
  if (!options.models) report(set, about, ChannelStatus::kUnavailable, "models are switched off");
  return options.models;
}

void add_cpu(HostUsageSensor& sensor, const CpuInfo& cpu, const SensorOptions& options,
             SensorSet& set) {
  sensor.add(Reading::kUtilization, make_channel(kUtilizationAbout, cpu));
  Channel busy = make_channel(kCpuTimeAbout, cpu);
  busy.update_period = Seconds(0.01);
  sensor.add(Reading::kCpuTime, std::move(busy));
  report(set, kUtilizationAbout, ChannelStatus::kOk, "reads /proc/stat");
  if (!wants_model(options, kCpuModelAbout, set)) return;
  const CpuRating rating = rate_cpu(cpu);
  Channel model = make_model_channel(kCpuModelAbout, cpu, cpu_model_accuracy(rating), set);
  if (rating.origin == CpuRating::Origin::kShareOfListed) model.flags.emplace_back("vm-share");
  if (rating.origin == CpuRating::Origin::kDefault) model.flags.emplace_back("default-tdp");
  sensor.set_tdp(rating.tdp);
  sensor.add(Reading::kCpuPower, std::move(model));
  report(set, kCpuModelAbout, ChannelStatus::kOk, "modelled from load: " + rating.why);
}

void add_memory(HostUsageSensor& sensor, const MemoryUse& memory, const CpuInfo& cpu,
                const SensorOptions& options, SensorSet& set) {
  sensor.add(Reading::kMemoryUsed, make_channel(kMemoryAbout, cpu));
  report(set, kMemoryAbout, ChannelStatus::kOk, "reads /proc/meminfo");
  if (!wants_model(options, kDramModelAbout, set)) return;
  sensor.set_dram_power(dram_model_power(memory.total));
  sensor.add(Reading::kDramPower,
             make_model_channel(kDramModelAbout, cpu, dram_model_accuracy(), set));
  report(set, kDramModelAbout, ChannelStatus::kOk,
         "modelled from " + std::to_string(memory.total / 1'000'000'000) +
             " GB of memory (Lannelongue et al. 2021)");
}

}  // namespace

Result<void> open_host_usage(const Machine& machine, const SensorOptions& options, SensorSet& set) {
  auto stat = open_proc(machine, "/proc/stat", kUtilizationAbout, set);
  auto memory_file = open_proc(machine, "/proc/meminfo", kMemoryAbout, set);
  const bool has_stat = stat != nullptr;
  std::optional<MemoryUse> memory;
  if (memory_file) memory = parse_memory_use(memory_file->read().value_or(std::string_view()));
  if (memory_file && !memory)
    report(set, kMemoryAbout, ChannelStatus::kUnavailable,
           "/proc/meminfo: no MemTotal and MemAvailable in kB");
  if (!has_stat && !memory) return {};

  auto sensor = std::make_unique<HostUsageSensor>(
      std::move(stat), memory ? std::move(memory_file) : nullptr, machine.now);
  const CpuInfo cpu = read_cpu_info(*machine.files);
  if (has_stat) add_cpu(*sensor, cpu, options, set);
  if (memory) add_memory(*sensor, *memory, cpu, options, set);
  set.sensors.push_back(std::move(sensor));
  return {};
}

}  // namespace joulery
