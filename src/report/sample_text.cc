// report: samples as text, see sample_text.h.
#include "report/sample_text.h"

#include <ostream>

namespace joulery {

const char* name_of(Measure measure) {
  switch (measure) {
    case Measure::kEnergy:
      return "energy";
    case Measure::kPower:
      return "power";
    case Measure::kUtilization:
      return "utilization";
    case Measure::kMemoryUsed:
      return "memory_used";
    case Measure::kTemperature:
      return "temperature";
    case Measure::kClock:
      return "clock";
    case Measure::kThroughput:
      return "throughput";
    case Measure::kPowerLimit:
      return "power_limit";
    case Measure::kThrottleTime:
      return "throttle_time";
    case Measure::kCpuTime:
      return "cpu_time";
    case Measure::kCount:
      return "count";
  }
  return "count";
}

std::string joined_flags(const std::vector<std::string>& flags) {
  std::string text;
  for (const std::string& flag : flags) text += (text.empty() ? "" : ";") + flag;
  return text;
}

void PieceWriter::flush() {
  out_.write(text_.data(), static_cast<std::streamsize>(text_.size()));
  text_.clear();
}

}  // namespace joulery
