// sensor: a machine with simulated NVIDIA boards for tests of the sensors above them.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "hw/fake_nvml.h"
#include "sensor/fake_machine.h"
#include "sensor/nvml.h"

namespace joulery {

/// Boards, their clock and the machine's files.
class FakeGpus {
 public:
  explicit FakeGpus(const std::string& config) : nvml_(config) {}

  /// Opens the backend as the registry does, on the simulated library.
  Result<SensorSet> open(const SensorOptions& options = {}) {
    SensorSet set;
    auto nvml = nvml_.open();
    if (!nvml) return nvml.error();
    Machine machine = machine_.machine();
    machine.now = [this] { return Instant(Micros(static_cast<Micros::rep>(nvml_.now() * 1e6))); };
    if (auto opened = open_nvml_on(*nvml, machine, options, set); !opened) return opened.error();
    return set;
  }

  standin::Gpu& gpu(std::size_t index) { return nvml_.machine().gpu(index); }
  std::string uuid(std::size_t index) { return gpu(index).uuid(); }
  FakeMachine& machine() { return machine_; }
  void set_time(double seconds) { nvml_.set_time(seconds); }
  double now() const { return nvml_.now(); }

 private:
  FakeNvml nvml_;
  FakeMachine machine_;
};

/// The channel of a set whose id ends in `name`, and its newest value after one read of its sensor.
struct FoundChannel {
  Sensor* sensor = nullptr;
  std::size_t index = 0;
  const Channel* operator->() const {
    static const Channel kNone;
    if (sensor == nullptr) ADD_FAILURE() << "no such channel";
    return sensor == nullptr ? &kNone : &sensor->channels()[index];
  }
  explicit operator bool() const { return sensor != nullptr; }

  std::optional<Sample> read() const {
    std::vector<Sample> samples;
    if (sensor == nullptr) ADD_FAILURE() << "no such channel";
    if (sensor == nullptr || !sensor->read(samples)) return {};
    for (const Sample& sample : samples)
      if (sample.channel == index) return sample;
    return {};
  }
};

inline FoundChannel find_channel(const SensorSet& set, const std::string& id_part,
                                 const std::string& name) {
  for (const auto& sensor : set.sensors)
    for (std::size_t i = 0; i < sensor->channels().size(); ++i) {
      const std::string& id = sensor->channels()[i].id;
      if (id.ends_with("/" + name) && id.find(id_part) != std::string::npos)
        return {sensor.get(), i};
    }
  return {};
}

inline const ChannelReport* report_of(const SensorSet& set, const std::string& id) {
  for (const ChannelReport& report : set.reports)
    if (report.id == id) return &report;
  return nullptr;
}

}  // namespace joulery
