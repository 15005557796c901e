// sensor: limits, throttle reasons and PCIe traffic of all NVIDIA boards once a second; see
// nvml_sensors.h.
#include <array>

#include "sensor/nvml_reader.h"
#include "sensor/nvml_sensors.h"
#include "sensor/stamp.h"

namespace joulery {
namespace {

class NvmlSlowSensor final : public Sensor {
 public:
  explicit NvmlSlowSensor(std::vector<NvmlReader> readers)
      : readers_(std::move(readers)), gone_(readers_.size(), false) {
    for (const NvmlReader& reader : readers_)
      channels_.insert(channels_.end(), reader.channels().begin(), reader.channels().end());
  }

  std::span<const Channel> channels() const override { return channels_; }
  Pace pace() const override { return {.period = Seconds(1)}; }

  // A board that is gone does not stop the others.
  Result<void> read(std::vector<Sample>& out) override {
    const std::size_t before = out.size();
    ReadFailures failures;
    for (std::size_t i = 0; i < readers_.size(); ++i) {
      if (gone_[i]) continue;
      auto done = readers_[i].read(out);
      if (done) continue;
      gone_[i] = done.error().code == ErrorCode::kGone;
      failures.add(std::move(done).error());
    }
    return failures.result(out.size() > before);
  }

 private:
  std::vector<NvmlReader> readers_;
  std::vector<bool> gone_;
  std::vector<Channel> channels_;
};

struct FieldSpec {
  unsigned field;
  const char* name;
  Measure measure;
  double scale;       // to the measure's unit
  double resolution;  // in it
  const char* why;
};

/// The limits, with the call that older drivers have for each.
struct LimitSpec {
  FieldSpec field;
  NvmlReading reading;
};

constexpr std::array kLimits = {
    LimitSpec{{kNvmlRequestedLimit, "power_limit", Measure::kPowerLimit, 1e-3, 1e-3,
               "limit asked for by software"},
              NvmlReading::kRequestedLimit},
    LimitSpec{{kNvmlCurrentLimit, "power_limit_enforced", Measure::kPowerLimit, 1e-3, 1e-3,
               "least of all limits, out-of-band ones too,"},
              NvmlReading::kEnforcedLimit},
    LimitSpec{{kNvmlDefaultLimit, "power_limit_default", Measure::kPowerLimit, 1e-3, 1e-3,
               "limit at power-on"},
              NvmlReading::kDefaultLimit},
};

constexpr double kNanosecond = 1e-9;
constexpr double kMicrosecond = 1e-6;  // finer than any use of it

std::array<FieldSpec, 5> throttle_fields(const Nvml& nvml) {
  const bool renumbered =
      nvml.driver_major() > 580 || (nvml.driver_major() == 580 && nvml.driver_minor() >= 82);
  const auto spec = [](unsigned field, const char* name, const char* why) {
    return FieldSpec{field, name, Measure::kThrottleTime, kNanosecond, kMicrosecond, why};
  };
  return {spec(kNvmlThrottlePower, "throttle_power", "time held down by the power limit"),
          spec(kNvmlThrottleThermal, "throttle_thermal", "time held down by temperature"),
          spec(kNvmlThrottleSyncBoost, "throttle_sync_boost",
               "time held down to the clock of its boost group"),
          spec(renumbered ? kNvmlThrottleHwThermal : kNvmlThrottleHwThermalOld,
               "throttle_hw_thermal", "time halved by the hardware for its temperature"),
          spec(renumbered ? kNvmlThrottleHwBrake : kNvmlThrottleHwBrakeOld, "throttle_hw_brake",
               "time halved by an external power brake")};
}

/// Adds one board's slow readings and reports the rest.
void add_slow(NvmlReader& reader, const Nvml& nvml, const NvmlChannels& of,
              std::vector<ChannelReport>& reports) {
  const auto report = [&](bool added, const Channel& channel, const char* name, const char* why,
                          const Error& error) {
    reports.push_back(added ? of.report_ok(channel, why) : of.report_failed(name, error));
  };
  const auto add_field = [&](const FieldSpec& spec, Error& error) {
    return reader.add_field({spec.field, kNvmlGpuScope, spec.scale},
                            of.state(spec.name, spec.measure, spec.resolution), error);
  };
  for (const LimitSpec& limit : kLimits) {
    const FieldSpec& spec = limit.field;
    const Channel channel = of.state(spec.name, spec.measure, spec.resolution);
    Error error;
    const bool added =
        add_field(spec, error) || reader.add_call(limit.reading, {channel}, true, error);
    report(added, channel, spec.name, spec.why, error);
  }
  for (const FieldSpec& spec : throttle_fields(nvml)) {
    Error error;
    const bool added = add_field(spec, error);
    report(added, of.state(spec.name, spec.measure, spec.resolution), spec.name, spec.why, error);
  }
  for (const auto& [reading, name] :
       {std::pair{NvmlReading::kPcieRx, "pcie_rx"}, {NvmlReading::kPcieTx, "pcie_tx"}}) {
    const Channel channel = of.state(name, Measure::kThroughput, 1e3);
    Error error;
    const bool added = reader.add_untried(reading, channel, error);
    report(added, channel, name, "PCIe traffic over 20 ms", error);
  }
}

}  // namespace

std::unique_ptr<Sensor> open_nvml_slow(const NvmlContext& context,
                                       const std::vector<NvmlJobBoard>& jobs,
                                       std::vector<ChannelReport>& reports) {
  std::vector<NvmlReader> readers;
  std::size_t channels = 0;
  std::uint32_t groups = 0;
  for (const NvmlJobBoard& job : jobs) {
    NvmlReader reader(context.nvml, job.board, context.now, channels, groups);
    add_slow(reader, *context.nvml, job.channels, reports);
    if (reader.channels().empty()) continue;
    channels += reader.channels().size();
    groups += reader.groups();
    readers.push_back(std::move(reader));
  }
  if (readers.empty()) return nullptr;
  return std::make_unique<NvmlSlowSensor>(std::move(readers));
}

}  // namespace joulery
