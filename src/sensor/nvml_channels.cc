// sensor: the channels of an NVIDIA board; see nvml_channels.h.
#include "sensor/nvml_channels.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string_view>

#include "base/text.h"

namespace joulery {
namespace {

// Update period and window of power.draw and its variants by architecture and driver: Yang, Adamek,
// Armour, SC24, arXiv 2312.02741, table of sensors. Blackwell is not in it and taken as Hopper, the
// worse of the two known ways.
constexpr NvmlTiming kTwentyTen{Seconds(0.020), Seconds(0.010), 0.5};
constexpr NvmlTiming kHundredQuarter{Seconds(0.100), Seconds(0.025), 0.25};
constexpr NvmlTiming kHundredFull{Seconds(0.100), Seconds(0.100), 1};
constexpr NvmlTiming kOneSecond{Seconds(0.100), Seconds(1), 1};

NvmlTiming instant_timing(const NvmlBoard& board) {
  switch (board.architecture) {
    case kNvmlPascal:
    case kNvmlVolta:
      return kTwentyTen;
    case kNvmlKepler:
    case kNvmlMaxwell:
    case kNvmlTuring:
    case kNvmlAda:
      return kHundredFull;
    case kNvmlAmpere:
      return board.ga100 ? kHundredQuarter : kHundredFull;
    default:
      return kHundredQuarter;
  }
}

// Boards whose energy counter was seen to add up all of the time, and the branch of the driver that
// they were under: docs/sensors.md tells how, tests/fixtures/machines has the recordings.
struct WholeCounter {
  std::string_view board;
  unsigned driver_major;
};
constexpr WholeCounter kWholeCounters[] = {{"NVIDIA H100 80GB HBM3", 580}, {"NVIDIA H200", 580}};

// GA100 and GH100, and what is taken as GH100. Whether their energy counter adds up all of the time
// or only the windows of 25 ms that the power sensor sees is not published (the study above), and
// was tried on few.
bool counter_coverage_is_unknown(const NvmlBoard& board, unsigned driver_major) {
  if (instant_timing(board).duty > kHundredQuarter.duty) return false;
  return std::none_of(std::begin(kWholeCounters), std::end(kWholeCounters),
                      [&](const WholeCounter& seen) {
                        return seen.board == board.name && seen.driver_major == driver_major;
                      });
}

/// NVML's plain power call is a mean over one second on GA10x and newer, save that driver 530 took
/// it away for a while.
bool legacy_is_average(const NvmlBoard& board, unsigned driver_major) {
  if (board.architecture != 0 && board.architecture < kNvmlAmpere) return false;
  if (board.ga100) return false;
  const bool known_ampere_or_ada =
      board.architecture == kNvmlAmpere || board.architecture == kNvmlAda;
  return !known_ampere_or_ada || driver_major != 530;
}

const char* source_of(NvmlPower power) {
  switch (power) {
    case NvmlPower::kInstant:
      return "nvml-power-instant";
    case NvmlPower::kAverage:
      return "nvml-power-average";
    case NvmlPower::kLegacy:
      break;
  }
  return "nvml-power";
}

const char* name_of(NvmlPower power) {
  switch (power) {
    case NvmlPower::kInstant:
      return "power_instant";
    case NvmlPower::kAverage:
      return "power_average";
    case NvmlPower::kLegacy:
      break;
  }
  return "power";
}

// Volta's counter was seen to move every 10 ms to 20 ms (gpuopenanalytics/pynvml pull request 18),
// newer ones about every 100 ms (ml.energy blog, 2026-03-09).
Seconds counter_period(const NvmlBoard& board) {
  return board.architecture == kNvmlVolta ? Seconds(0.020) : Seconds(0.100);
}

// The limit holds the mean of about a second; a reading may be a gain error of 10 % (k = 2) above
// it. A step of the counter that means more than this is no energy.
constexpr double kSpikeFactor = 1.5;

}  // namespace

NvmlTiming nvml_power_timing(const NvmlBoard& board, unsigned driver_major, NvmlPower power) {
  if (power == NvmlPower::kAverage) return kOneSecond;
  if (power == NvmlPower::kLegacy && legacy_is_average(board, driver_major)) return kOneSecond;
  return instant_timing(board);
}

NvmlChannels::NvmlChannels(const Nvml& nvml, const NvmlBoard& board,
                           std::optional<Calibration> calibration)
    : board_(board),
      driver_major_(nvml.driver_major()),
      simulated_(nvml.simulated()),
      component_(nvml_component(board)),
      calibration_(std::move(calibration)) {}

void NvmlChannels::set_module_scope() {
  module_scope_ = true;
  component_ = nvml_component(board_, true);
}

Channel NvmlChannels::channel(const std::string& name, Measure measure, double resolution) const {
  Channel made;
  made.id = component_ + "/" + name;
  made.component = component_;
  made.kind = ComponentKind::kGpu;
  made.measure = measure;
  made.source = "nvml";
  made.model = board_.name;
  made.resolution = resolution;
  made.preferred = false;
  if (simulated_) made.flags.emplace_back("simulated");
  if (board_.mig) made.flags.emplace_back("mig-parent");
  if (order_unknown_) made.flags.emplace_back("gpu-order-unknown");
  return made;
}

// Gain: spread of boards against external meters in the study above; the share that boards of one
// model have in common and the offset, +-5 W as NVIDIA gave it for its older boards, are choices.
void NvmlChannels::set_accuracy(Channel& made, const std::string& name) const {
  made.accuracy = {.gain_u = 0.05,
                   .offset_u = Watts(5 / std::sqrt(3.0)),
                   .correlation = 0.5,
                   .family = board_.name,
                   .source = "Yang, Adamek, Armour, SC24, arXiv 2312.02741"};
  if (module_scope_) made.flags.emplace_back("module-scope");
  if (calibration_ && applies(*calibration_, name, driver_major_))
    apply(*calibration_, made.accuracy);
  // The limit is the GPU's alone.
  if (board_.max_limit && !module_scope_) made.max_power = kSpikeFactor * *board_.max_limit;
}

// The duty stays 1 where the counter's own is not known: the flag says so, as docs/sensors.md does.
Channel NvmlChannels::energy() const {
  Channel made = channel("energy", Measure::kEnergy, 1e-3);
  made.rule = Rule::kCounter;
  made.evidence = Evidence::kMeasured;
  made.source = "nvml-counter";
  made.update_period = counter_period(board_);
  made.preferred = true;
  if (counter_coverage_is_unknown(board_, driver_major_))
    made.flags.emplace_back("counter-coverage-unknown");
  set_accuracy(made, "energy");
  return made;
}

Channel NvmlChannels::power(NvmlPower power) const {
  const NvmlTiming timing = nvml_power_timing(board_, driver_major_, power);
  Channel made = channel(name_of(power), Measure::kPower, 1e-3);
  made.rule = Rule::kTrapezoid;
  made.evidence = Evidence::kIntegrated;
  made.source = source_of(power);
  made.update_period = timing.update;
  made.averaging = timing.averaging;
  made.duty = timing.duty;
  set_accuracy(made, name_of(power));
  return made;
}

Channel NvmlChannels::state(const std::string& name, Measure measure, double resolution) const {
  return channel(name, measure, resolution);
}

ChannelReport NvmlChannels::report_ok(const Channel& channel, const std::string& why) const {
  std::string text = why + " of " + board_.name;
  if (simulated_) text += ", simulated";
  if (board_.mig)
    text += "; MIG is on: this is the whole board, instances have no sensor of their own";
  if (order_unknown_) text += std::string("; ") + kOrderUnknown;
  if (module_scope_ && channel.rule != Rule::kNone)
    text += "; the whole module, CPU included: the GPU alone is not to be had";
  if (channel.rule != Rule::kNone && calibration_) {
    const bool used =
        applies(*calibration_, channel.id.substr(channel.component.size() + 1), driver_major_);
    text += (used ? "; calibrated by " : "; not of this channel and driver: ") + calibration_->path;
  }
  return {.id = channel.id,
          .kind = channel.kind,
          .source = channel.source,
          .status = ChannelStatus::kOk,
          .why = text,
          .advice = order_unknown_ ? kSetOrder : ""};
}

ChannelReport NvmlChannels::report_failed(const std::string& name, const Error& error) const {
  const bool denied = error.code == ErrorCode::kDenied;
  return {.id = component_ + "/" + name,
          .kind = ComponentKind::kGpu,
          .source = "nvml",
          .status = denied ? ChannelStatus::kDenied : ChannelStatus::kUnavailable,
          .why = error.message,
          .advice = denied ? "the user needs access to /dev/nvidia*; ask the administrator" : ""};
}

std::string describe_timing(const Channel& channel) {
  std::string text = "updated every " + format_duration(channel.update_period);
  if (channel.averaging.count() > 0)
    text += ", each the mean of the " + format_duration(channel.averaging) + " before it";
  return text;
}

}  // namespace joulery
