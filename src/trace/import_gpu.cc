// trace: prior knowledge of NVIDIA's board sensors, see import_gpu.h.
#include "trace/import_gpu.h"

#include <algorithm>
#include <array>
#include <numbers>

namespace joulery {
namespace {

constexpr const char* kStudy = "Yang, Adamek, Armour, SC24, arXiv 2312.02741";

// The window over which a reading averages, and how often it is renewed, per family of boards, as
// the study found them (its drivers newer than 530). A window shorter than the period means that
// the sensor looks at that share of the time only.
struct BoardSensor {
  std::string_view model;  // a part of the marketing name; the first match holds
  Seconds period;
  Seconds draw;     // window of power.draw
  Seconds instant;  // window of power.draw.instant
};
constexpr Seconds operator""_ms(unsigned long long ms) {
  return Seconds(static_cast<double>(ms) / 1e3);
}
constexpr BoardSensor kUnknown{"", 100_ms, 100_ms, 100_ms};
constexpr std::array kSensors = {
    BoardSensor{"RTX A", 100_ms, 1000_ms, 100_ms},  // before "A30" and "A40": RTX A3000, A4000
    BoardSensor{"Ada", 100_ms, 1000_ms, 100_ms},
    BoardSensor{"H100", 100_ms, 1000_ms, 25_ms},
    BoardSensor{"H200", 100_ms, 1000_ms, 25_ms},
    BoardSensor{"H800", 100_ms, 1000_ms, 25_ms},
    BoardSensor{"A100", 100_ms, 25_ms, 25_ms},
    BoardSensor{"A800", 100_ms, 25_ms, 25_ms},
    BoardSensor{"A30", 100_ms, 25_ms, 25_ms},
    BoardSensor{"V100", 20_ms, 10_ms, 10_ms},
    BoardSensor{"P100", 20_ms, 10_ms, 10_ms},
    BoardSensor{"GTX 10", 20_ms, 10_ms, 10_ms},
    BoardSensor{"RTX 20", 100_ms, 100_ms, 100_ms},
    BoardSensor{"Quadro RTX", 100_ms, 100_ms, 100_ms},
    BoardSensor{"T4", 100_ms, 100_ms, 100_ms},
    BoardSensor{"RTX 30", 100_ms, 1000_ms, 100_ms},
    BoardSensor{"RTX 40", 100_ms, 1000_ms, 100_ms},
    BoardSensor{"A10", 100_ms, 1000_ms, 100_ms},
    BoardSensor{"A40", 100_ms, 1000_ms, 100_ms},
    BoardSensor{"L40", 100_ms, 1000_ms, 100_ms},
    BoardSensor{"L4", 100_ms, 1000_ms, 100_ms},
};

const BoardSensor& sensor_of(std::string_view model) {
  const auto* known = std::find_if(kSensors.begin(), kSensors.end(), [model](const BoardSensor& s) {
    return model.find(s.model) != std::string_view::npos;
  });
  return known == kSensors.end() ? kUnknown : *known;
}

// Boards of one model share half of the variance of their gain; where the log names no model, all
// boards of it are taken as one model, which can only widen their sum's interval.
Accuracy board_accuracy(std::string_view model) {
  Accuracy accuracy;
  accuracy.gain_u = 0.05;  // 13 boards against an external meter: sd 5.2 %
  accuracy.offset_u = Watts(5 / std::numbers::sqrt3);  // a bound of 5 W, taken as a rectangle
  accuracy.correlation = 0.5;
  accuracy.family = model.empty() ? "unknown GPU" : std::string(model);
  accuracy.source = kStudy;
  return accuracy;
}

}  // namespace

Channel gpu_channel(const std::string& device, const std::string& name, Measure measure) {
  Channel channel;
  channel.component = "gpu/" + device + "/board";
  channel.id = channel.component + "/" + name;
  channel.kind = ComponentKind::kGpu;
  channel.measure = measure;
  channel.preferred = false;
  channel.resolution = 1e-3;  // of every column here: NVML counts in mW, MHz, %, degrees and MiB
  return channel;
}

void describe_gpu_power(Channel& channel, std::string_view model, GpuPower which) {
  channel.model = model;
  channel.rule = Rule::kTrapezoid;
  channel.evidence = Evidence::kIntegrated;
  channel.update_period = sensor_of(model).period;
  set_gpu_window(channel, which);
  channel.accuracy = board_accuracy(model);
  if (model.empty()) channel.flags.emplace_back("unknown-model");
}

void set_gpu_window(Channel& channel, GpuPower which) {
  const BoardSensor& sensor = sensor_of(channel.model);
  channel.averaging = which == GpuPower::kAverage   ? 1000_ms
                      : which == GpuPower::kInstant ? sensor.instant
                                                    : sensor.draw;
  channel.duty = std::min(1.0, channel.averaging / sensor.period);
}

// Of boards whose power sensor looks at 25 ms of every 100 ms it is not published whether their
// counter adds up more than that: the study above.
void describe_gpu_energy(Channel& channel, std::string_view model, Joules resolution) {
  const BoardSensor& sensor = sensor_of(model);
  channel.model = model;
  channel.rule = Rule::kCounter;
  channel.update_period = sensor.period;
  channel.resolution = resolution.count();
  channel.accuracy = board_accuracy(model);
  if (model.empty()) channel.flags.emplace_back("unknown-model");
  if (sensor.instant == 25_ms) channel.flags.emplace_back("counter-coverage-unknown");
}

}  // namespace joulery
