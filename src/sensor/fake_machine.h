// sensor: machines in memory for tests, with the zones and events that real ones show.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hw/fake_file_tree.h"
#include "hw/fake_perf_event.h"
#include "sensor/registry.h"

namespace joulery {

/// The machine, its files, its perf events and its clock, which stands still until a test moves it.
class FakeMachine {
 public:
  [[nodiscard]] FakeFileTree& files() { return *files_; }
  [[nodiscard]] FakePerfEvents& perf() { return *perf_; }
  [[nodiscard]] Machine machine() {
    Machine machine;
    machine.files = files_;
    machine.perf = perf_;
    machine.now = [now = now_] { return *now; };
    return machine;
  }
  [[nodiscard]] std::vector<std::string> paths() const { return files_->paths(); }
  void advance(Seconds time) { *now_ += std::chrono::duration_cast<Micros>(time); }

  void add_cpus(const std::string& vendor, const std::string& model, int sockets, int threads,
                const std::string& flags = "fpu") {
    std::string text;
    for (int i = 0; i < threads; ++i)
      text += "processor\t: " + std::to_string(i) + "\nvendor_id\t: " + vendor +
              "\nmodel name\t: " + model + "\nphysical id\t: " + std::to_string(i % sockets) +
              "\nflags\t\t: " + flags + "\n\n";
    files_->set("/proc/cpuinfo", text);
  }

  /// As in sysfs: the zone nested below the device, and a flat link to it in the class directory.
  void add_zone(const std::string& entry, const std::string& name, const std::string& energy_uj,
                const std::string& range_uj = "262143328850") {
    const std::string directory = device_directory(entry);
    files_->set(directory + "/name", name + "\n");
    files_->set(directory + "/max_energy_range_uj", range_uj + "\n");
    files_->set(directory + "/energy_uj", energy_uj + "\n");
    files_->link("/sys/class/powercap/" + entry, directory);
  }
  static std::string energy_file(const std::string& entry) {
    return device_directory(entry) + "/energy_uj";
  }

  /// The "power" PMU with `events` (config, name), read on `cpumask`.
  void add_pmu(const std::string& cpumask, const std::vector<std::pair<int, std::string>>& events) {
    const std::string pmu = "/sys/bus/event_source/devices/power";
    files_->set(pmu + "/type", "21\n");
    files_->set(pmu + "/cpumask", cpumask + "\n");
    for (const auto& [config, name] : events) {
      files_->set(pmu + "/events/" + name, "event=0x0" + std::to_string(config) + "\n");
      files_->set(pmu + "/events/" + name + ".scale", "2.3283064365386962890625e-10\n");
      files_->set(pmu + "/events/" + name + ".unit", "Joules\n");
    }
  }
  void add_topology(int cpu, int package, int die) {
    const std::string topology = "/sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/";
    files_->set(topology + "physical_package_id", std::to_string(package));
    files_->set(topology + "die_id", std::to_string(die));
  }

  /// 16 GiB of which 4 are used, and CPUs that were busy for `busy_s` of `total_s`.
  void set_usage(int busy_s, int total_s) {
    files_->set("/proc/meminfo",
                "MemTotal: 16777216 kB\nMemFree: 1 kB\nMemAvailable: 12582912 kB\n");
    files_->set("/proc/stat", "cpu  " + std::to_string(100 * busy_s) + " 0 0 " +
                                  std::to_string(100 * (total_s - busy_s)) + " 0 0 0 0 0 0\n");
  }

 private:
  /// "intel-rapl:0:1" lies in intel-rapl/intel-rapl:0/intel-rapl:0:1.
  static std::string device_directory(const std::string& entry) {
    std::string directory = "/sys/devices/virtual/powercap";
    for (std::size_t colon = entry.find(':'); colon != std::string::npos;
         colon = entry.find(':', colon + 1))
      directory += "/" + entry.substr(0, colon);
    return directory + "/" + entry;
  }

  std::shared_ptr<FakeFileTree> files_ = std::make_shared<FakeFileTree>();
  std::shared_ptr<FakePerfEvents> perf_ = std::make_shared<FakePerfEvents>();
  std::shared_ptr<Instant> now_ = std::make_shared<Instant>(Micros(1'000'000'000));
};

/// What a test asks of a set.
inline const ChannelReport* find_report(const SensorSet& set, std::string_view id,
                                        std::string_view source) {
  for (const ChannelReport& report : set.reports)
    if (report.id == id && report.source == source) return &report;
  return nullptr;
}

/// "cpu/0/core < cpu/0/package" for each channel, in order.
inline std::vector<std::string> describe(const SensorSet& set) {
  std::vector<std::string> lines;
  for (const auto& sensor : set.sensors)
    for (const Channel& channel : sensor->channels())
      lines.push_back(channel.component + (channel.part_of ? " < " + *channel.part_of : ""));
  return lines;
}

/// Stands for a GPU's sensor.
class FakeGpuSensor final : public Sensor {
 public:
  FakeGpuSensor() : channel_{} {
    channel_.component = "gpu/GPU-0/board";
    channel_.kind = ComponentKind::kGpu;
    channel_.rule = Rule::kCounter;
  }
  std::span<const Channel> channels() const override { return {&channel_, 1}; }
  Result<void> read(std::vector<Sample>&) override { return {}; }

 private:
  Channel channel_;
};

}  // namespace joulery
