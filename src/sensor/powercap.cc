// sensor: opens and reads powercap zones; src/hw/powercap_zones.cc finds them.
#include "sensor/powercap.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "hw/powercap_zones.h"
#include "sensor/powercap_dies.h"
#include "sensor/rapl.h"
#include "sensor/stamp.h"
#include "sensor/wrap_counter.h"

namespace joulery {
namespace {

constexpr std::string_view kPowercap = "powercap";

struct OpenZone {
  PowercapZone zone;
  std::unique_ptr<KernelFile> file;
  WrapCounter counter;
  std::optional<DieDoubt> doubt;
};

class PowercapSensor final : public Sensor {
 public:
  PowercapSensor(std::vector<OpenZone> zones, std::vector<Channel> channels,
                 std::function<Instant()> now)
      : zones_(std::move(zones)), channels_(std::move(channels)), now_(std::move(now)) {}

  std::span<const Channel> channels() const override { return channels_; }

  Pace pace() const override {
    Pace pace;
    for (const OpenZone& zone : zones_) {
      const Seconds longest = zone.counter.longest_pause();
      if (pace.longest == Seconds(0) || longest < pace.longest) pace.longest = longest;
    }
    return pace;
  }

  Result<void> read(std::vector<Sample>& out) override {
    const std::size_t before = out.size();
    ReadFailures failures;
    Instant begin = now_();
    for (std::size_t i = 0; i < zones_.size(); ++i) {
      auto content = zones_[i].file->read();
      const Instant end = now_();
      // A zone that cannot be read says nothing: neither 0 nor a wrap.
      if (!content)
        failures.add(std::move(content).error());
      else if (const auto energy_uj = parse_counter(*content); energy_uj && counts(i, *energy_uj))
        out.push_back(sample_of(i, *energy_uj, begin, end));
      begin = end;
    }
    return failures.result(out.size() > before);
  }

 private:
  bool counts(std::size_t index, std::uint64_t energy_uj) {
    std::optional<DieDoubt>& doubt = zones_[index].doubt;
    if (doubt && doubt->is_lifted(energy_uj)) doubt.reset();
    return !doubt;
  }

  Sample sample_of(std::size_t index, std::uint64_t energy_uj, Instant begin, Instant end) {
    Sample sample = stamped(begin, end, 0, index);
    const WrapCounter::Step step = zones_[index].counter.advance(energy_uj, sample.time);
    sample.value = step.joules;
    sample.restart = step.restart;
    return sample;
  }

  std::vector<OpenZone> zones_;
  std::vector<Channel> channels_;
  std::function<Instant()> now_;
};

/// Collects what can be read and reports what cannot.
class ZoneOpener {
 public:
  ZoneOpener(const Machine& machine, SensorSet& set)
      : machine_(machine), set_(set), cpu_(read_cpu_info(*machine.files)) {}

  void open_all() {
    const std::vector<PowercapZone> zones = find_powercap_zones(*machine_.files);
    if (zones.empty()) report_absent();
    for (const PowercapZone& zone : zones)
      if (!is_twin(zone)) open(zone);
    drop_mirrors();
    drop_orphans();
    if (!zones_.empty()) add_sensor();
  }

 private:
  void report(const RaplZone& zone, ChannelStatus status, std::string why,
              std::string advice = {}) {
    set_.reports.push_back(ChannelReport{.id = rapl_component(zone),
                                         .kind = rapl_kind(zone.domain),
                                         .source = std::string(kPowercap),
                                         .status = status,
                                         .why = std::move(why),
                                         .advice = std::move(advice)});
  }
  void drop(const PowercapZone& zone, const std::string& why) {
    report(zone.rapl, ChannelStatus::kUnavailable, zone.directory + ": not read: " + why);
  }

  void report_absent() {
    const std::string why = "no RAPL zones below " + std::string(kPowercapDirectory);
    report({RaplDomain::kPackage, "*"}, ChannelStatus::kUnavailable, why, no_rapl_advice(cpu_));
    report({RaplDomain::kDram, "*"}, ChannelStatus::kUnavailable, why, no_rapl_advice(cpu_));
  }

  bool is_twin(const PowercapZone& zone) {
    const std::string component = rapl_component(zone.rapl);
    if (std::find(seen_.begin(), seen_.end(), component) == seen_.end()) {
      seen_.push_back(component);
      return false;
    }
    drop(zone, "shows the same counter as the zone of that id before it");
    return true;
  }

  void open(const PowercapZone& zone) {
    auto opened = try_open(zone);
    if (opened) {
      zones_.push_back(std::move(*opened));
    } else if (opened.error().code == ErrorCode::kDenied) {
      report(zone.rapl, ChannelStatus::kDenied, opened.error().message,
             "as root, for a group that you trust (Intel SA-00389): udev rule "
             "SUBSYSTEM==\"powercap\", "
             "ACTION==\"add\", RUN+=\"/bin/chgrp -R GROUP /sys%p\", RUN+=\"/bin/chmod -R g+r "
             "/sys%p\"; "
             "or once: chgrp -R GROUP, chmod -R g+r on /sys/devices/virtual/powercap; "
             "or capability CAP_DAC_READ_SEARCH");
    } else {
      report(zone.rapl, ChannelStatus::kUnavailable, opened.error().message);
    }
  }

  Result<OpenZone> try_open(const PowercapZone& zone) {
    const FileTree& files = *machine_.files;
    JOULERY_TRY(std::unique_ptr<KernelFile> file, files.open(zone.directory + "/energy_uj"));
    JOULERY_TRY(const std::uint64_t range, files.read_u64(zone.directory + "/max_energy_range_uj"));
    JOULERY_TRY(const std::string_view now_uj, file->read());
    if (range == 0)
      return Error{ErrorCode::kUnavailable, zone.directory + "/max_energy_range_uj: is 0"};
    if (zone.rapl.domain == RaplDomain::kPsys && parse_counter(now_uj).value_or(0) == 0)
      return Error{ErrorCode::kUnavailable,
                   zone.directory + "/energy_uj: stands at 0: the board does not wire psys"};
    return OpenZone{zone, std::move(file), WrapCounter(range, powercap_power_bound(files, zone)),
                    std::nullopt};
  }

  void drop_mirrors() {
    std::vector<std::string> mirrors;  // places
    for (OpenZone& second : zones_)
      for (const OpenZone& first : zones_) {
        if (!is_other_die(first.zone.rapl, second.zone.rapl)) continue;
        const Likeness likeness = compare_counters(*first.file, *second.file, machine_.now);
        if (likeness == Likeness::kSame) mirrors.push_back(second.zone.rapl.place);
        if (likeness == Likeness::kUnknown) add_doubt(first, second);
      }
    drop_zones([&](const OpenZone& open) {
      return std::find(mirrors.begin(), mirrors.end(), open.zone.rapl.place) != mirrors.end()
                 ? "moves in step with another die: the same counter twice"
                 : "";
    });
  }

  void add_doubt(const OpenZone& first, OpenZone& second) const {
    if (auto file = machine_.files->open(first.zone.directory + "/energy_uj"))
      second.doubt.emplace(std::move(*file));
  }

  /// Cores without their package would pass for a whole CPU.
  void drop_orphans() {
    drop_zones([&](const OpenZone& part) {
      const RaplDomain domain = part.zone.rapl.domain;
      if (domain != RaplDomain::kCore && domain != RaplDomain::kUncore) return "";
      const bool has_package = std::any_of(zones_.begin(), zones_.end(), [&](const OpenZone& open) {
        return open.zone.rapl.domain == RaplDomain::kPackage &&
               open.zone.rapl.place == part.zone.rapl.place;
      });
      return has_package ? "" : "its package cannot be read";
    });
  }

  template <class WhyNot>
  void drop_zones(WhyNot why_not) {
    std::vector<bool> dropped;
    for (const OpenZone& open : zones_) {
      const std::string why = why_not(open);
      dropped.push_back(!why.empty());
      if (!why.empty()) drop(open.zone, why);
    }
    std::size_t index = 0;
    std::erase_if(zones_, [&](const OpenZone&) { return dropped[index++]; });
  }

  void add_sensor() {
    std::vector<Channel> channels;
    for (const OpenZone& open : zones_) {
      Channel channel = rapl_channel(open.zone.rapl, cpu_, kPowercap);
      channel.max_power = powercap_power_bound(*machine_.files, open.zone);
      channels.push_back(std::move(channel));
    }
    relate_rapl_channels(channels, set_);
    for (std::size_t i = 0; i < zones_.size(); ++i)
      report(zones_[i].zone.rapl, ChannelStatus::kOk,
             "reads " + zones_[i].zone.directory + "/energy_uj" + rapl_note(channels[i]) +
                 (zones_[i].doubt ? "; counted once it moves unlike the die before it" : ""));
    set_.sensors.push_back(
        std::make_unique<PowercapSensor>(std::move(zones_), std::move(channels), machine_.now));
  }

  const Machine& machine_;
  SensorSet& set_;
  CpuInfo cpu_;
  std::vector<std::string> seen_;  ///< components
  std::vector<OpenZone> zones_;
};

}  // namespace

Result<void> open_powercap(const Machine& machine, const SensorOptions&, SensorSet& set) {
  ZoneOpener(machine, set).open_all();
  return {};
}

}  // namespace joulery
