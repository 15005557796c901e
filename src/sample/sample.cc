// sample: the names that JSON, CSV and people see, see joulery/sample.h.
#include "joulery/sample.h"

namespace joulery {

const char* unit_of(Measure measure) {
  switch (measure) {
    case Measure::kEnergy:
      return "J";
    case Measure::kPower:
      return "W";
    case Measure::kUtilization:
      return "%";
    case Measure::kMemoryUsed:
      return "B";
    case Measure::kTemperature:
      return "Cel";
    case Measure::kClock:
      return "Hz";
    case Measure::kThroughput:
      return "B/s";
    case Measure::kPowerLimit:
      return "W";
    case Measure::kThrottleTime:
      return "s";
    case Measure::kCpuTime:
      return "s";
    case Measure::kCount:
      return "1";
  }
  return "1";
}

const char* name_of(ComponentKind kind) {
  switch (kind) {
    case ComponentKind::kGpu:
      return "gpu";
    case ComponentKind::kCpu:
      return "cpu";
    case ComponentKind::kDram:
      return "dram";
    case ComponentKind::kNode:
      return "node";
    case ComponentKind::kOther:
      return "other";
  }
  return "other";
}

const char* name_of(Evidence evidence) {
  switch (evidence) {
    case Evidence::kMeasured:
      return "measured";
    case Evidence::kIntegrated:
      return "integrated";
    case Evidence::kModelled:
      return "modelled";
    case Evidence::kConstant:
      return "constant";
    case Evidence::kMissing:
      return "missing";
  }
  return "missing";
}

}  // namespace joulery
