// sensor: opens and reads the events of /sys/bus/event_source/devices/power.
#include "sensor/perf_rapl.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <string>
#include <utility>

#include "base/text.h"
#include "hw/perf_event.h"
#include "sensor/rapl.h"
#include "sensor/stamp.h"

namespace joulery {
namespace {

constexpr std::string_view kPerf = "perf";
const std::string kPmu = "/sys/bus/event_source/devices/power";
// The kernel extends the 32-bit register with a timer of its own, made for at most 200 W (Linux,
// arch/x86/events/rapl.c). Each read extends it too: at an eighth of the shortest round, 2^32 x
// 2^-16 J, at the bound on a package's power, the kernel's bound no longer matters.
constexpr Seconds kLongestPause{65'536.0 / 1'000 / 8};

struct EventName {
  std::string_view file;
  RaplDomain domain;
};
constexpr EventName kEvents[] = {{"energy-pkg", RaplDomain::kPackage},
                                 {"energy-cores", RaplDomain::kCore},
                                 {"energy-gpu", RaplDomain::kUncore},
                                 {"energy-ram", RaplDomain::kDram},
                                 {"energy-psys", RaplDomain::kPsys}};

// A counter is refreshed about every 1 ms (docs/sensors.md): one that stands for this long at 0,
// where it began, counts nothing. Guests of a hypervisor have such ones (tests/fixtures/machines).
constexpr Micros kLongestStand{5'000};
constexpr int kMostLooks = 10'000;  // a clock may stand still

struct OpenEvent {
  std::unique_ptr<PerfCounter> counter;
  double joules_per_count = 0;
  double last = 0;
};

class PerfRaplSensor final : public Sensor {
 public:
  PerfRaplSensor(std::vector<OpenEvent> events, std::vector<Channel> channels,
                 std::function<Instant()> now)
      : events_(std::move(events)), channels_(std::move(channels)), now_(std::move(now)) {}

  std::span<const Channel> channels() const override { return channels_; }
  Pace pace() const override { return Pace{.period = Seconds(0), .longest = kLongestPause}; }

  Result<void> read(std::vector<Sample>& out) override {
    const std::size_t before = out.size();
    ReadFailures failures;
    Instant begin = now_();
    for (std::size_t i = 0; i < events_.size(); ++i) {
      OpenEvent& event = events_[i];
      auto count = event.counter->read();
      const Instant end = now_();
      if (count) {
        // Signed, because a delta that the kernel misread may have taken it below 0.
        const double joules =
            static_cast<double>(static_cast<std::int64_t>(*count)) * event.joules_per_count;
        Sample sample = stamped(begin, end, joules, i);
        sample.restart = joules < event.last;
        event.last = joules;
        out.push_back(sample);
      } else {
        failures.add(std::move(count).error());
      }
      begin = end;
    }
    return failures.result(out.size() > before);
  }

 private:
  std::vector<OpenEvent> events_;
  std::vector<Channel> channels_;
  std::function<Instant()> now_;
};

/// "0,16" and "0-3"; nothing where it is neither. The kernel lists CPUs in ascending order, each
/// once: what goes back is no such list, and could name a CPU any number of times.
std::vector<int> parse_cpu_list(std::string_view text) {
  constexpr std::int64_t kMostCpus = 8192;  // NR_CPUS of the largest x86 kernels
  std::vector<int> cpus;
  for (const std::string_view part : split(text, ',')) {
    const std::size_t dash = part.find('-');
    const auto first = parse_integer(trim(part.substr(0, dash)));
    const auto last =
        dash == std::string_view::npos ? first : parse_integer(trim(part.substr(dash + 1)));
    const std::int64_t least = cpus.empty() ? 0 : cpus.back() + 1;
    if (!first || !last || *first < least || *last < *first || *last >= kMostCpus) return {};
    for (std::int64_t cpu = *first; cpu <= *last; ++cpu) cpus.push_back(static_cast<int>(cpu));
  }
  return cpus;
}

/// Of "event=0x02".
std::optional<std::uint64_t> parse_event(std::string_view text) {
  constexpr std::string_view kPrefix = "event=0x";
  if (!text.starts_with(kPrefix)) return std::nullopt;
  text.remove_prefix(kPrefix.size());
  std::uint64_t config = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), config, 16);
  if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return config;
}

/// An event that was opened, and may yet turn out to count nothing.
struct Candidate {
  RaplZone zone;
  std::string label;
  OpenEvent event;
  bool counts;  ///< cores and graphics may sleep; what feeds them never does
};

/// A CPU that the PMU is read on, and the package or die that it stands for.
struct Seat {
  int cpu = 0;
  std::string package;
  std::string place;
};

std::vector<Seat> find_seats(const FileTree& files) {
  std::vector<Seat> seats;
  std::map<std::string, int> dies;  // of each package
  for (const int cpu : parse_cpu_list(files.read(kPmu + "/cpumask").value_or(std::string()))) {
    const std::string topology = "/sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/";
    const auto package = files.read_u64(topology + "physical_package_id");
    const std::string name = std::to_string(package.value_or(seats.size()));
    const std::string die = std::to_string(files.read_u64(topology + "die_id").value_or(0));
    seats.push_back({cpu, name, fmt::format("{}-die-{}", name, die)});
    ++dies[name];
  }
  // Named like powercap's zones: the die only where a package has several.
  for (Seat& seat : seats)
    if (dies[seat.package] == 1) seat.place = seat.package;
  return seats;
}

class EventOpener {
 public:
  EventOpener(const Machine& machine, SensorSet& set)
      : machine_(machine), set_(set), cpu_(read_cpu_info(*machine.files)) {}

  void open_all() {
    const auto type = machine_.files->read_u64(kPmu + "/type");
    const std::vector<Seat> seats = find_seats(*machine_.files);
    if (!type || seats.empty()) return report_absent();
    for (const Seat& seat : seats)
      for (const EventName& event : kEvents) {
        if (!machine_.files->read(kPmu + "/events/" + std::string(event.file))) continue;
        // One platform, one psys counter: the first package's.
        const bool psys = event.domain == RaplDomain::kPsys;
        if (psys && seat.cpu != seats.front().cpu) continue;
        open({event.domain, psys ? "" : seat.place}, static_cast<std::uint32_t>(*type),
             std::string(event.file), seat.cpu);
      }
    find_what_counts();
    for (Candidate& candidate : candidates_) keep(candidate);
    if (!events_.empty()) add_sensor();
  }

 private:
  void report(const std::string& id, ComponentKind kind, ChannelStatus status, std::string why,
              std::string advice = {}) {
    set_.reports.push_back(ChannelReport{.id = id,
                                         .kind = kind,
                                         .source = std::string(kPerf),
                                         .status = status,
                                         .why = std::move(why),
                                         .advice = std::move(advice)});
  }

  void report_absent() {
    if (has_energy(set_, ComponentKind::kCpu)) return;
    report("cpu/*/package", ComponentKind::kCpu, ChannelStatus::kUnavailable, "no PMU at " + kPmu,
           no_rapl_advice(cpu_));
  }

  /// Two CPUs of one die show one counter.
  [[nodiscard]] bool is_open(const std::string& component) const {
    return std::any_of(candidates_.begin(), candidates_.end(), [&](const Candidate& candidate) {
      return rapl_component(candidate.zone) == component;
    });
  }

  void open(const RaplZone& zone, std::uint32_t type, const std::string& name, int cpu) {
    const std::string component = rapl_component(zone);
    const std::string label = "power/" + name + "/ on CPU " + std::to_string(cpu);
    // Where powercap gives packages, their parts and psys from here could be counted beside them.
    const bool covered = zone.domain != RaplDomain::kDram && has_energy(set_, ComponentKind::kCpu);
    if (covered || has_energy(set_, component) || is_open(component))
      return report(component, rapl_kind(zone.domain), ChannelStatus::kUnavailable,
                    label + ": not read: another sensor gives this counter");
    auto event = try_open(type, name, cpu, label);
    if (event) {
      const bool may_sleep = is_part_of_package(zone.domain);
      candidates_.push_back({zone, label, std::move(*event), may_sleep});
    } else if (event.error().code == ErrorCode::kDenied) {
      report(component, rapl_kind(zone.domain), ChannelStatus::kDenied, event.error().message,
             "as root: sysctl kernel.perf_event_paranoid=0, or for joulery alone: setcap "
             "cap_perfmon=ep $(command -v joulery)");
    } else {
      report(component, rapl_kind(zone.domain), ChannelStatus::kUnavailable, event.error().message);
    }
  }

  Result<OpenEvent> try_open(std::uint32_t type, const std::string& name, int cpu,
                             const std::string& label) {
    if (!machine_.perf)
      return Error{ErrorCode::kUnavailable, label + ": not opened for a machine below --sysroot"};
    const FileTree& files = *machine_.files;
    const std::string path = kPmu + "/events/" + name;
    JOULERY_TRY(const std::string event, files.read(path));
    JOULERY_TRY(const std::string scale, files.read(path + ".scale"));
    JOULERY_TRY(const std::string unit, files.read(path + ".unit"));
    const auto config = parse_event(event);
    const auto joules = parse_number(scale);
    if (!config || !joules || *joules <= 0 || unit != "Joules")
      return Error{ErrorCode::kUnavailable, path + ": not understood: '" + event.substr(0, 20) +
                                                "', '" + scale.substr(0, 40) + "', '" +
                                                unit.substr(0, 20) + "'"};
    JOULERY_TRY(auto counter, machine_.perf->open({type, *config, cpu, label}));
    return OpenEvent{std::move(counter), *joules};
  }

  static bool is_part_of_package(RaplDomain domain) {
    return domain == RaplDomain::kCore || domain == RaplDomain::kUncore;
  }

  /// Looks at all of them together, so that the start of a run waits once.
  void find_what_counts() {
    const Instant end = machine_.now() + kLongestStand;
    for (int i = 0; i < kMostLooks; ++i) {
      bool all = true;
      for (Candidate& candidate : candidates_) {
        if (candidate.counts) continue;
        const auto count = candidate.event.counter->read();
        candidate.counts = !count || *count != 0;
        all &= candidate.counts;
      }
      if (all || machine_.now() >= end) return;
    }
  }

  [[nodiscard]] bool has_package(const std::string& place) const {
    return std::any_of(candidates_.begin(), candidates_.end(), [&](const Candidate& candidate) {
      return candidate.counts && candidate.zone.domain == RaplDomain::kPackage &&
             candidate.zone.place == place;
    });
  }

  void keep(Candidate& candidate) {
    const RaplZone& zone = candidate.zone;
    const auto refuse = [&](const char* why, std::string advice) {
      report(rapl_component(zone), rapl_kind(zone.domain), ChannelStatus::kUnavailable,
             candidate.label + why, std::move(advice));
    };
    if (!candidate.counts)
      return refuse(": stands at 0: this machine does not count it",
                    cpu_.virtual_machine ? no_rapl_advice(cpu_) : "");
    // Cores without their package would pass for a whole CPU.
    if (is_part_of_package(zone.domain) && !has_package(zone.place))
      return refuse(": not read: its package cannot be read", "");
    events_.push_back(std::move(candidate.event));
    channels_.push_back(rapl_channel(zone, cpu_, kPerf));
    labels_.push_back(candidate.label);
  }

  void add_sensor() {
    relate_rapl_channels(channels_, set_);
    for (std::size_t i = 0; i < channels_.size(); ++i)
      report(channels_[i].component, channels_[i].kind, ChannelStatus::kOk,
             "reads " + labels_[i] + rapl_note(channels_[i]));
    set_.sensors.push_back(
        std::make_unique<PerfRaplSensor>(std::move(events_), std::move(channels_), machine_.now));
  }

  const Machine& machine_;
  SensorSet& set_;
  CpuInfo cpu_;
  std::vector<Candidate> candidates_;
  std::vector<OpenEvent> events_;  ///< with channels_ and labels_: those that are kept
  std::vector<Channel> channels_;
  std::vector<std::string> labels_;
};

}  // namespace

Result<void> open_perf_rapl(const Machine& machine, const SensorOptions&, SensorSet& set) {
  EventOpener(machine, set).open_all();
  return {};
}

}  // namespace joulery
