// sensor: one NVIDIA board at the loop's own period; see nvml_sensors.h.
#include "sensor/call_budget.h"
#include "sensor/nvml_reader.h"
#include "sensor/nvml_sensors.h"

namespace joulery {
namespace {

class NvmlBoardSensor final : public Sensor {
 public:
  explicit NvmlBoardSensor(NvmlReader reader) : reader_(std::move(reader)) {}

  std::span<const Channel> channels() const override { return reader_.channels(); }
  Result<void> read(std::vector<Sample>& out) override {
    if (!budget_.due()) return {};
    auto done = reader_.read(out);
    budget_.spent(reader_.took());
    return done;
  }

 private:
  NvmlReader reader_;
  CallBudget budget_;
};

/// Adds what can be read and reports the rest.
class BoardOpener {
 public:
  BoardOpener(const NvmlContext& context, NvmlJobBoard& job, std::vector<ChannelReport>& reports)
      : job_(job),
        reports_(reports),
        reader_(context.nvml, job.board, context.now, 0, 0),
        nvml_(context.nvml) {}

  NvmlReader open() {
    if (only_module()) {
      scope_ = kNvmlModuleScope;
      job_.channels.set_module_scope();
    }
    const bool counted = add_energy();
    add_powers(counted);
    add_states();
    return std::move(reader_);
  }

 private:
  bool has(unsigned field, unsigned scope) const {
    return NvmlFieldBatch(nvml_, job_.board.device).probe(field, scope).has_value();
  }

  bool has_call(NvmlReading reading) const {
    NvmlValues values{};
    return read_nvml(nvml_->api(), job_.board.device, reading, values) == kNvmlSuccess;
  }

  // On Grace-Hopper the GPU's own scope may be refused while the module's is given.
  bool only_module() const {
    for (const unsigned field : {kNvmlEnergy, kNvmlPowerInstant, kNvmlTotalEnergy})
      if (has(field, kNvmlGpuScope)) return false;
    if (has_call(NvmlReading::kPower) || has_call(NvmlReading::kEnergy)) return false;
    return has(kNvmlEnergy, kNvmlModuleScope) || has(kNvmlPowerInstant, kNvmlModuleScope);
  }

  void report(const Channel& channel, const std::string& why) {
    reports_.push_back(job_.channels.report_ok(channel, why));
  }

  bool add_energy() {
    const Channel channel = job_.channels.energy();
    const std::string why = "energy counter, " + describe_timing(channel) + ",";
    Error error;
    Error older;
    const bool added = reader_.add_field({kNvmlEnergy, scope_, 1e-3}, channel, error) ||
                       (scope_ == kNvmlGpuScope &&
                        (reader_.add_field({kNvmlTotalEnergy, scope_, 1e-3}, channel, older) ||
                         reader_.add_call(NvmlReading::kEnergy, {channel}, false, older)));
    if (added)
      report(channel, why);
    else
      reports_.push_back(job_.channels.report_failed("energy", error));
    return added;
  }

  // Without a counter the mean over a second is the better base for energy where the instant looks
  // away most of the time.
  void add_powers(bool counted) {
    Channel average = job_.channels.power(NvmlPower::kAverage);
    Channel instant = job_.channels.power(NvmlPower::kInstant);
    average.preferred = !counted && instant.duty < 1;
    const bool averaged = add_power(kNvmlPowerAverage, average);
    instant.preferred = !counted && !(averaged && average.preferred);
    if (add_power(kNvmlPowerInstant, instant) || averaged || scope_ != kNvmlGpuScope) return;
    Channel legacy = job_.channels.power(NvmlPower::kLegacy);
    legacy.preferred = !counted;
    add_calls(NvmlReading::kPower, {legacy}, false, "power, " + describe_timing(legacy) + ",");
  }

  bool add_power(unsigned field, const Channel& channel) {
    Error error;
    if (reader_.add_field({field, scope_, 1e-3}, channel, error)) {
      report(channel, "power, " + describe_timing(channel) + ",");
      return true;
    }
    const std::string name = channel.id.substr(channel.component.size() + 1);
    reports_.push_back(job_.channels.report_failed(name, error));
    return false;
  }

  bool add_calls(NvmlReading reading, const std::vector<Channel>& channels, bool shares_stamp,
                 const std::string& why) {
    Error error;
    const bool added = reader_.add_call(reading, channels, shares_stamp, error);
    for (const Channel& channel : channels) {
      const std::string name = channel.id.substr(channel.component.size() + 1);
      if (added)
        report(channel, why);
      else
        reports_.push_back(job_.channels.report_failed(name, error));
    }
    return added;
  }

  // One stamp for all of them: they take microseconds together.
  void add_states() {
    const NvmlChannels& of = job_.channels;
    bool joins = add_calls(NvmlReading::kUtilization,
                           {of.state("utilization", Measure::kUtilization, 1),
                            of.state("memory_utilization", Measure::kUtilization, 1)},
                           false, "share of 1/6 s to 1 s in which kernels ran or memory was used,");
    const auto add = [&](NvmlReading reading, const Channel& channel, const char* why) {
      joins = add_calls(reading, {channel}, joins, why) || joins;
    };
    add(NvmlReading::kMemoryUsed, of.state("memory_used", Measure::kMemoryUsed, 1),
        "memory in use");
    add(NvmlReading::kTemperature, of.state("temperature", Measure::kTemperature, 1),
        "core temperature");
    add(NvmlReading::kSmClock, of.state("sm_clock", Measure::kClock, 1e6), "SM clock");
    add(NvmlReading::kMemoryClock, of.state("memory_clock", Measure::kClock, 1e6), "memory clock");
  }

  NvmlJobBoard& job_;
  std::vector<ChannelReport>& reports_;
  NvmlReader reader_;
  std::shared_ptr<const Nvml> nvml_;
  unsigned scope_ = kNvmlGpuScope;
};

}  // namespace

std::unique_ptr<Sensor> open_nvml_board(const NvmlContext& context, NvmlJobBoard& job,
                                        std::vector<ChannelReport>& reports) {
  NvmlReader reader = BoardOpener(context, job, reports).open();
  if (reader.channels().empty()) return nullptr;
  return std::make_unique<NvmlBoardSensor>(std::move(reader));
}

}  // namespace joulery
