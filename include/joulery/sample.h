// sample: the words of the data flow (sensor -> sample -> trace -> account -> report).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "joulery/export.h"
#include "joulery/result.h"
#include "joulery/units.h"

namespace joulery {

enum class ComponentKind : std::uint8_t { kGpu, kCpu, kDram, kNode, kOther };

/// What a channel's values are. Each has one unit, see unit_of().
enum class Measure : std::uint8_t {
  kEnergy,        ///< J, cumulative since some epoch
  kPower,         ///< W
  kUtilization,   ///< %, 0..100
  kMemoryUsed,    ///< B
  kTemperature,   ///< Cel
  kClock,         ///< Hz
  kThroughput,    ///< B/s
  kPowerLimit,    ///< W
  kThrottleTime,  ///< s, cumulative time spent throttled for one reason
  kCpuTime,       ///< s, cumulative busy CPU time
  kCount,         ///< 1, a plain count (foreign processes, events)
};
JOULERY_EXPORT const char* unit_of(Measure measure);
JOULERY_EXPORT const char* name_of(ComponentKind kind);  ///< "gpu", "cpu", ... as in JSON
JOULERY_EXPORT const char* name_of(Evidence evidence);   ///< "measured", "integrated", ...

/// How a channel's samples become energy.
enum class Rule : std::uint8_t {
  kNone,       ///< they do not: utilisation, temperature, limits
  kCounter,    ///< difference of a cumulative counter
  kTrapezoid,  ///< power integrated over its own stamps, each shifted back by averaging / 2 + lag
  kPlainMean,  ///< plain mean of the samples in the window x the window (MLPerf's rule for wall
               ///< meters)
  kWindowAverage,  ///< each sample is the mean since the one before it (utilisation models)
};

/// What is known beforehand about a channel's error: E = gain x (R1 - R0) - offset x T. Standard
/// uncertainties, k = 1.
struct Accuracy {
  double gain = 1;    ///< applied to every reading; 1 where no calibration is at hand
  double gain_u = 0;  ///< relative, e.g. 0.05
  Watts offset{};     ///< subtracted from the power
  Watts offset_u{};
  double correlation = 0;  ///< of the gain error between channels that share `family`
  std::string family;      ///< e.g. the board model; empty: independent of all others
  std::string source;      ///< where these come from: "calibration FILE" or the published study

  friend bool operator==(const Accuracy&, const Accuracy&) = default;
};

/// One thing a sensor reads, described once when the sensor is opened.
struct Channel {
  std::string id;  ///< stable across runs: component + "/" + name, e.g. "gpu/GPU-1b2c/board/energy"
  std::string component;  ///< the physical part that it tells about, e.g. "gpu/GPU-1b2c/board"
  ComponentKind kind = ComponentKind::kOther;
  Measure measure = Measure::kPower;
  Rule rule = Rule::kNone;
  Evidence evidence = Evidence::kMeasured;  ///< class of an energy that is made from this channel
  std::string source;        ///< "nvml-counter", "powercap", "perf", "cpu-model", ...
  std::string model;         ///< of the device: "NVIDIA A100-SXM4-40GB"
  double resolution = 0;     ///< step of the stored value in its unit (1e-3 for mJ); must be > 0
  Seconds update_period{0};  ///< how often the hardware refreshes it; faster sampling adds no truth
  Seconds averaging{0};      ///< window that the hardware averages over; 0 for an energy counter
  Seconds lag{0};            ///< delay between the truth and its reading
  double duty = 1;  ///< share of time that the sensor looks at (0.25: A100 and H100 instant power)
  std::optional<Watts> max_power;  ///< above this mean power a counter step is a spike, not energy
  Accuracy accuracy;
  std::optional<std::string> part_of;  ///< component that already counts this one's energy
  std::uint32_t group = 0;  ///< channels of one group are read by one call and share its stamp
  bool preferred =
      true;  ///< of several energy/power channels of a component: this gives the energy
  std::vector<std::string> flags;  ///< e.g. "simulated", "module-scope", "mig-parent"
};

/// One reading. 24 bytes, so that a tick of a large node stays in cache.
struct Sample {
  Instant time;      ///< middle of the call that read it
  double value = 0;  ///< in unit_of(measure); a wrap of the hardware's counter is already undone
  std::uint32_t half_width_us =
      0;  ///< half of the call's length: the truth was read within time +- this
  std::uint16_t channel =
      0;  ///< index into the channels of the trace (of the sensor, inside Sensor::read)
  bool restart = false;  ///< a counter whose history is broken before this sample: unknown wraps,
                         ///< reset, reload
};
static_assert(sizeof(Sample) == 24);

/// How often and where a sensor wants to be read.
struct Pace {
  /// 0: the loop's own period; else this sensor has a thread of its own at this period.
  Seconds period{0};
  /// 0: however seldom; else a loop that is slower than this reads the sensor on a thread of its
  /// own at this period (a counter that would wrap unseen, even where the user's period is 1 h).
  Seconds longest{0};
};

/// Thread-compatible: one thread calls read(); different sensors may run on different threads.
class Sensor {
 public:
  virtual ~Sensor() = default;
  virtual std::span<const Channel> channels() const = 0;
  virtual Pace pace() const { return {}; }

  /// Appends one Sample per channel that could be read to `out` (which has room: no allocation),
  /// `channel` counting from 0 within this sensor, each stamped with the middle and half-width of
  /// its own read. A channel that fails alone is left out: an absent sample is how missing is said.
  /// Errors: kTransient (skip this tick), kGone (stop reading for good), kDenied (the right was
  /// withdrawn).
  virtual Result<void> read(std::vector<Sample>& out) = 0;
};

/// Something that happened during a run, beside the samples.
struct Event {
  enum class Kind : std::uint8_t {
    kMark,
    kSensorLost,
    kReadFailed,
    kLateTick,
    kLostTick,
    kClockStep,
    kNote
  };
  Instant time;
  Kind kind = Kind::kNote;
  std::string text;  ///< the mark's name, the lost sensor's component and error
};

/// Takes samples as they come: the trace on disk, the live line, Prometheus, a tuner. Called off
/// the sampling thread, one call at a time, about once a second; must not block for long.
class SampleSink {
 public:
  virtual ~SampleSink() = default;
  virtual void accept(std::span<const Sample> samples) = 0;
  virtual void note(const Event& event) = 0;
};

}  // namespace joulery
